import { expect, it } from 'vitest';
import { logFields } from '#runtime/log-fields';

it('every line names its service, environment, matter, phase and trace', () => {
  const variables = { STEPREEL_STAGE: 'prod', _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1' };
  expect(logFields({ correlationId: 'toy-1', jobId: 'toy-1', phase: 'Cut', shard: 2 }, variables)).toEqual({
    service: 'stepreel',
    env: 'prod',
    correlationId: 'toy-1',
    jobId: 'toy-1',
    phase: 'Cut',
    shard: 2,
    traceId: '1-5759e988-bd862e3fe1be46a994272793',
  });
});

it('what there is not is left out', () => {
  expect(logFields({ correlationId: 'request-1', phase: 'sweep' }, {})).toEqual({
    service: 'stepreel',
    env: 'local',
    correlationId: 'request-1',
    phase: 'sweep',
  });
});
