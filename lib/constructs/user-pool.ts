import { RemovalPolicy } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import { accept } from './grant.ts';
import { namesOf } from './names.ts';

/** People who sign in rather than hold an API key. Their team is a group of the pool, which only an administrator fills. */
export class UserPool extends Construct {
  readonly pool: cognito.UserPool;
  readonly client: cognito.UserPoolClient;

  constructor(scope: Construct, id: string, { stage, settings }: { stage: Stage; settings: Settings }) {
    super(scope, id);
    this.pool = new cognito.UserPool(this, 'Pool', {
      userPoolName: namesOf(this, stage).prefix,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      mfa: cognito.Mfa.REQUIRED,
      mfaSecondFactor: { sms: false, otp: true },
      accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
      deletionProtection: settings.keepData,
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const id of ['AwsSolutions-COG3', 'AwsSolutions-COG8']) {
      accept(
        this.pool,
        id,
        'Accounts are made by an administrator and need a second factor; the Plus plan is paid by user.',
      );
    }
    this.client = this.pool.addClient('Client', {
      userPoolClientName: namesOf(this, stage).prefix,
      authFlows: { userSrp: true },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      disableOAuth: true,
    });
  }
}
