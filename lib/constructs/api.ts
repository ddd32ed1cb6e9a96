import { CfnOutput, Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import type { Encryption } from './encryption.ts';
import { addProblemResponses } from './gateway-problems.ts';
import { accept } from './grant.ts';
import { logRetention } from './log-retention.ts';
import { namesOf } from './names.ts';
import type { PlatformFunctions } from './platform-functions.ts';

interface ApiProps {
  stage: Stage;
  settings: Settings;
  encryption: Encryption;
  functions: PlatformFunctions;
  /** Answers what makes new workloads. */
  registration: IFunction;
}

// What the whole API may be asked at most, by all teams together.
const REQUESTS_PER_SECOND = 200;
const BURST = 400;

/** Open to everybody: whether the platform is well, and what the API looks like. */
const OPEN_PATHS = ['health', 'docs', 'openapi.json'];

/** Open too, and answered by the router: the status page, and what a signed link leads to. */
const OPEN_TREES = ['assets', 'shared'];

/** The front door: who asks, how often, and whether it is a request at all. What to answer, the router knows. */
export class Api extends Construct {
  readonly api: apigateway.RestApi;
  private readonly props: ApiProps;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.props = props;
    this.api = this.addApi();
    addProblemResponses(this.api);
    this.addRoutes(this.addAuthorizer());
    this.addPlans();
    new CfnOutput(this, 'Url', { key: 'ApiUrl', value: this.api.url });
  }

  private addApi(): apigateway.RestApi {
    const { stage, settings, functions } = this.props;
    const names = namesOf(this, stage);
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      logGroupName: names.logGroup('api/access'),
      retention: logRetention(settings),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new apigateway.RestApi(this, 'Api', {
      restApiName: names.prefix,
      description: `Stepreel ${stage}: the jobs API`,
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      // The authorizer tells the key that requests are counted by.
      apiKeySourceType: apigateway.ApiKeySourceType.AUTHORIZER,
      // The status page travels as 19 kB instead of 49.
      minCompressionSize: Size.kibibytes(1),
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      defaultIntegration: new apigateway.LambdaIntegration(functions.jobsApi, { allowTestInvoke: false }),
      deployOptions: {
        stageName: 'v1',
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: apigateway.MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        throttlingRateLimit: REQUESTS_PER_SECOND,
        throttlingBurstLimit: BURST,
        accessLogDestination: new apigateway.LogGroupLogDestination(accessLogs),
        accessLogFormat: accessLogFormat(),
      },
    });
    accept(
      api,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'API Gateway writes its logs under one role an account, for which AWS has this policy.',
    );
    accept(
      api,
      'AwsSolutions-APIG3',
      'Nothing is answered without a key or a token, at a limited rate; a firewall is for an open site.',
    );
    return api;
  }

  /**
   * No identity source: an answer cached by one of the two headers would be given to whoever sends the other one too,
   * and with both demanded neither alone would do. So nothing is cached, and each request is looked at.
   */
  private addAuthorizer(): apigateway.RequestAuthorizer {
    return new apigateway.RequestAuthorizer(this, 'Authorizer', {
      authorizerName: namesOf(this, this.props.stage).prefix,
      handler: this.props.functions.authorizer,
      identitySources: [],
      resultsCacheTtl: Duration.seconds(0),
    });
  }

  private addRoutes(authorizer: apigateway.IAuthorizer): void {
    const { root } = this.api;
    const validator = this.api.addRequestValidator('Validator', {
      requestValidatorName: 'body-and-parameters',
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    const open = { requestValidator: validator };
    const openMethods = [
      root.addMethod('GET', undefined, open),
      ...OPEN_PATHS.map((path) => root.addResource(path).addMethod('GET', undefined, open)),
      ...OPEN_TREES.map((path) => root.addResource(path).addResource('{proxy+}').addMethod('GET', undefined, open)),
    ];
    for (const method of openMethods) {
      for (const rule of ['AwsSolutions-APIG4', 'AwsSolutions-COG4'])
        accept(method, rule, 'Open on purpose: it tells nothing of any team, or asks for a link that one has signed.');
    }
    const known = {
      authorizer,
      authorizationType: apigateway.AuthorizationType.CUSTOM,
      apiKeyRequired: true,
      requestValidator: validator,
    };
    const jobs = root.addResource('jobs');
    const workloads = root.addResource('workloads');
    const registration = new apigateway.LambdaIntegration(this.props.registration, { allowTestInvoke: false });
    const methods = [
      jobs.addMethod('POST', undefined, { ...known, requestModels: { 'application/json': this.addSubmission() } }),
      jobs.addMethod('GET', undefined, known),
      workloads.addMethod('POST', registration, known),
      workloads.addMethod('GET', undefined, known),
      // Anything else is the router's: a route that is added there needs no deployment of the platform.
      this.api.root.addResource('{proxy+}').addMethod('ANY', undefined, known),
    ];
    for (const method of methods) {
      accept(method, 'AwsSolutions-COG4', 'The authorizer takes Cognito tokens, and API keys too.');
    }
  }

  /** What is refused before it reaches us. All that is wrong with a request is told by the router, in one answer. */
  private addSubmission(): apigateway.Model {
    return this.api.addModel('Submission', {
      modelName: 'Submission',
      contentType: 'application/json',
      schema: {
        schema: apigateway.JsonSchemaVersion.DRAFT4,
        title: 'Submission',
        type: apigateway.JsonSchemaType.OBJECT,
        minProperties: 1,
      },
    });
  }

  /** A team's key belongs to one plan, which `npm run add-team` finds by its name. */
  private addPlans(): void {
    const { stage, settings } = this.props;
    const { prefix } = namesOf(this, stage);
    for (const [plan, { requestsPerSecond, burst, requestsPerDay }] of Object.entries(settings.plans)) {
      this.api.addUsagePlan(`${plan}Plan`, {
        name: `${prefix}-${plan}`,
        throttle: { rateLimit: requestsPerSecond, burstLimit: burst },
        quota: { limit: requestsPerDay, period: apigateway.Period.DAY },
        apiStages: [{ api: this.api as apigateway.IRestApi, stage: this.api.deploymentStage }],
      });
    }
  }
}

/** Who asked for what, when, and how long it took; nothing of the request's contents. */
function accessLogFormat(): apigateway.AccessLogFormat {
  const field = apigateway.AccessLogField;
  return apigateway.AccessLogFormat.custom(
    JSON.stringify({
      time: field.contextRequestTimeEpoch(),
      requestId: field.contextRequestId(),
      traceId: field.contextXrayTraceId(),
      team: field.contextAuthorizer('team'),
      method: field.contextHttpMethod(),
      path: field.contextPath(),
      status: field.contextStatus(),
      latencyMs: field.contextResponseLatency(),
      integrationLatencyMs: field.contextIntegrationLatency(),
      ip: field.contextIdentitySourceIp(),
      error: field.contextErrorMessage(),
    }),
  );
}
