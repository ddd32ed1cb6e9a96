import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import { accept } from './grant.ts';
import { logRetention } from './log-retention.ts';
import { namesOf, PARAMETERS } from './names.ts';

// What a task calls, on Fargate and on machines of our own: the last three are the ECS agent's.
const INTERFACE_ENDPOINTS = {
  EcrApi: ec2.InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Monitoring: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
  Ecs: ec2.InterfaceVpcEndpointAwsService.ECS,
  EcsAgent: ec2.InterfaceVpcEndpointAwsService.ECS_AGENT,
  EcsTelemetry: ec2.InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
} as const;

/** Where tasks run: three zones, no address of their own on the internet, AWS reached through endpoints. */
export class Network extends Construct {
  readonly vpc: ec2.IVpc;
  readonly taskSecurityGroup: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, { stage, settings }: { stage: Stage; settings: Settings }) {
    super(scope, id);
    const names = namesOf(this, stage);
    const privateType = settings.natGateways > 0 ? 'PRIVATE_WITH_EGRESS' : 'PRIVATE_ISOLATED';
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      vpcName: names.prefix,
      ipAddresses: ec2.IpAddresses.cidr('10.42.0.0/16'),
      maxAzs: settings.zones.length,
      natGateways: settings.natGateways,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'tasks', subnetType: ec2.SubnetType[privateType], cidrMask: 20 },
        ...(settings.natGateways > 0
          ? [{ name: 'gateways', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false }]
          : []),
      ],
      flowLogs: {
        rejected: {
          trafficType: ec2.FlowLogTrafficType.REJECT,
          destination: ec2.FlowLogDestination.toCloudWatchLogs(
            new LogGroup(this, 'FlowLogs', {
              logGroupName: names.logGroup('network/rejected'),
              retention: logRetention(settings),
              removalPolicy: RemovalPolicy.DESTROY,
            }),
          ),
        },
      },
    }) as ec2.IVpc;
    accept(this.vpc, 'CloudFormation-Validate::W3010', 'Zones are settings, so that synthesis needs no credentials.');
    this.addGatewayEndpoints();
    this.taskSecurityGroup = this.addTaskSecurityGroup(names.prefix);
    this.addInterfaceEndpoints(names.prefix, settings);

    new StringParameter(this, 'Subnets', {
      parameterName: names.parameter(PARAMETERS.subnets),
      stringValue: this.vpc.selectSubnets({ subnetGroupName: 'tasks' }).subnetIds.join(','),
    });
    new StringParameter(this, 'TaskSecurityGroupId', {
      parameterName: names.parameter(PARAMETERS.taskSecurityGroup),
      stringValue: this.taskSecurityGroup.securityGroupId,
    });
  }

  /** Free, and the way of all media. */
  private addGatewayEndpoints(): void {
    this.vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    this.vpc.addGatewayEndpoint('DynamoDb', { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB });
  }

  /** Nothing comes in. Out goes TLS alone: a gateway endpoint's addresses are public ones, so no narrower range will do. */
  private addTaskSecurityGroup(prefix: string): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(this, 'TaskSecurityGroup', {
      vpc: this.vpc,
      securityGroupName: `${prefix}-tasks`,
      description: 'Tasks: nothing in, TLS out',
      allowAllOutbound: false,
    });
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'TLS to AWS');
    return group;
  }

  private addInterfaceEndpoints(prefix: string, { zones, endpointZones }: Settings): void {
    const endpoints = new ec2.SecurityGroup(this, 'EndpointSecurityGroup', {
      vpc: this.vpc,
      securityGroupName: `${prefix}-endpoints`,
      description: 'Endpoints: TLS from tasks',
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(this.taskSecurityGroup, ec2.Port.tcp(443), 'TLS from tasks');
    const subnets = { subnetGroupName: 'tasks', availabilityZones: zones.slice(0, endpointZones) };
    for (const [name, service] of Object.entries(INTERFACE_ENDPOINTS)) {
      this.vpc.addInterfaceEndpoint(name, { service, subnets, securityGroups: [endpoints], open: false });
    }
  }
}
