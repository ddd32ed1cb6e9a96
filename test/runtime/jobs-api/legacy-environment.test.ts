import { expect, it } from 'vitest';
import { oldSettings } from '#runtime/jobs-api/legacy-environment';

it.each([
  { name: 'nothing', variables: {}, is: { videos: undefined, inputRoot: undefined, videoParams: {} } },
  {
    name: 'the folder of uploads',
    variables: { UPLOAD_DIR: '/srv/uploads' },
    is: { videos: '/srv/uploads/{video_id}.mp4', inputRoot: '/srv/uploads', videoParams: {} },
  },
  {
    name: 'a pattern beside the folder',
    variables: { UPLOAD_DIR: '/srv/uploads', STEPREEL_VIDEOS: '/srv/uploads/{video_id}.mov' },
    is: { videos: '/srv/uploads/{video_id}.mov', inputRoot: '/srv/uploads', videoParams: {} },
  },
  {
    name: 'how often and how sure',
    variables: { FRAME_INTERVAL: '5', CONFIDENCE_THRESHOLD: '0.4' },
    is: { videos: undefined, inputRoot: undefined, videoParams: { every: 5, confidence: 0.4 } },
  },
  {
    name: 'variables that are set to nothing',
    variables: { UPLOAD_DIR: '', FRAME_INTERVAL: '' },
    is: { videos: undefined, inputRoot: undefined, videoParams: {} },
  },
])('an environment with $name is understood', ({ variables, is }) => {
  expect(oldSettings(variables)).toEqual(is);
});

it.each([
  { variables: { FRAME_INTERVAL: '0' }, says: 'FRAME_INTERVAL' },
  { variables: { FRAME_INTERVAL: 'often' }, says: 'FRAME_INTERVAL' },
  { variables: { CONFIDENCE_THRESHOLD: '25' }, says: 'CONFIDENCE_THRESHOLD' },
])('$variables is refused by name', ({ variables, says }) => {
  expect(() => oldSettings(variables)).toThrow(says);
});
