import { expect, it } from 'vitest';
import { uploadPlan } from '#adapters/aws/s3-upload';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

it.each([
  { name: 'nothing', bytes: 0, parts: 0, memoryMiB: 8 },
  { name: 'a frame', bytes: 200_000, parts: 1, memoryMiB: 8 },
  { name: 'a clip', bytes: 100 * MIB, parts: 13, memoryMiB: 32 },
  { name: 'a film', bytes: 50 * GIB, parts: 6400, memoryMiB: 32 },
  { name: 'a day of video', bytes: 500 * GIB, parts: 9847, memoryMiB: 52 },
  { name: 'the largest object there is', bytes: 5 * 1024 * GIB, parts: 9987, memoryMiB: 525 },
])('$name goes in $parts parts that take $memoryMiB MiB (pitfall 18)', ({ bytes, parts, memoryMiB }) => {
  const { partSize, queueSize } = uploadPlan(bytes);
  expect(Math.ceil(bytes / partSize)).toBe(parts);
  expect(parts).toBeLessThanOrEqual(10_000);
  expect((partSize * queueSize) / MIB).toBe(memoryMiB);
});
