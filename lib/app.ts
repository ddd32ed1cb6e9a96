import { App } from 'aws-cdk-lib';
import { addStacks, requestedFrom } from './stacks.ts';

const app = new App();
await addStacks(app, requestedFrom(app));
app.synth();
