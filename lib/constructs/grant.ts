import { Stack, Validations } from 'aws-cdk-lib';
import { Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

export interface Grant {
  actions: string[];
  resources: string[];
  conditions?: Record<string, Record<string, unknown>>;
  /** What the role does with it, and why a resource is named by a pattern if one is. */
  why: string;
}

/**
 * Lets a role do something. Actions are spelled out, always; for resources that are named by a pattern the reason goes
 * on record beside the permission, where cdk-nag looks for it.
 */
export function grant(role: IRole, ...grants: Grant[]): void {
  for (const { actions, resources, conditions, why } of grants) {
    role.addToPrincipalPolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions, resources, ...(conditions ? { conditions } : {}) }),
    );
    acceptPatterns(role, resources, why);
  }
}

/** Accepts that a role or a policy names resources by patterns. */
export function acceptPatterns(scope: IConstruct, resources: string[], reason: string): void {
  for (const resource of resources.map((part) => flatten(Stack.of(scope).resolve(part)))) {
    if (resource.includes('*')) accept(scope, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
  }
}

/** Records why a finding of cdk-nag is accepted on a construct and what is below it. */
export function accept(construct: Parameters<typeof Validations.of>[0], id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** A CloudFormation expression as cdk-nag spells it in its findings: `arn:<AWS::Partition>:s3:::…`. */
function flatten(expression: unknown): string {
  // A variable of a policy, as `${aws:PrincipalTag/workload}`, is spelt so too.
  if (typeof expression === 'string') return expression.replaceAll(/\$\{([^}]*)\}/g, '<$1>');
  const [[name, value]] = Object.entries(expression as Record<string, unknown>) as [[string, unknown]];
  if (name === 'Ref') return `<${value}>`;
  if (name === 'Fn::GetAtt') return `<${(value as string[]).join('.')}>`;
  if (name === 'Fn::Join') {
    const [separator, parts] = value as [string, unknown[]];
    return parts.map(flatten).join(separator);
  }
  return JSON.stringify(expression);
}
