import { describe, expect, it } from 'vitest';
import { openArtifactStore } from '#adapters/aws/artifact-store';
import { openUploads } from '#adapters/aws/uploads';
import { uploadsSuite } from '../../conformance/uploads.ts';
import { faultyLine } from '../../helpers/aws-faults.ts';
import { clientsAt, startS3AndSqs } from '../../helpers/aws-in-process.ts';
import { aBucket } from '../../helpers/aws-resources.ts';

const endpoint = await startS3AndSqs();
const clients = clientsAt(endpoint);
const s3 = await clients.s3();
const buckets = {
  uploadsBucket: await aBucket(clients, 'uploads'),
  workBucket: await aBucket(clients, 'work'),
  resultsBucket: await aBucket(clients, 'results'),
};
const uploads = openUploads({ s3, ...buckets });
const artifacts = openArtifactStore({ s3, ...buckets });
const request = { team: 'perception', name: 'clip.mp4', mediaType: 'video/mp4', maxBytes: 1000 };

uploadsSuite(
  'S3',
  async () => ({
    uploads,
    send: (url, init) => fetch(url, init),
    async read(uri) {
      const source = await artifacts.openInput({ name: 'clip.mp4', uri });
      return Buffer.from(await source.read(0, source.size));
    },
    leastPartBytes: 5 * 1024 ** 2,
  }),
  { listsParts: false },
);

it('tells which parts have come, over pages, which the S3 of this process does not', async () => {
  const page = (numbers: number[], next: string) =>
    `<ListPartsResult>${next}${numbers.map((n) => `<Part><PartNumber>${n}</PartNumber><ETag>"e${n}"</ETag><Size>${n}0</Size></Part>`).join('')}</ListPartsResult>`;
  const more = '<IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>';
  const line = await faultyLine(endpoint, ({ path }) => ({
    answer: { status: 200, body: path.includes('part-number-marker=2') ? page([3], '') : page([1, 2], more) },
  }));
  const there = openUploads({ s3: await clientsAt(line.endpoint).s3(), ...buckets });
  const upload = { id: 'u', uri: `s3://${buckets.uploadsBucket}/uploads/red/u/clip.mp4`, session: 's' };
  expect(await there.listParts(upload)).toEqual(
    [1, 2, 3].map((number) => ({ number, bytes: number * 10, etag: `"e${number}"` })),
  );
});

it('a link for a part is good without a checksum (pitfall 32)', async () => {
  const upload = { id: 'u', uri: `s3://${buckets.uploadsBucket}/uploads/red/u/clip.mp4`, session: 's' };
  const url = await uploads.signPart(upload, { number: 7, bytes: 5 });
  expect(url).toContain('partNumber=7');
  expect(url.toLowerCase()).not.toContain('checksum');
});

describe('a form', () => {
  it('asks S3 to compare the file with the digest that was told (pitfall 32)', async () => {
    const { fields } = await uploads.presign({ ...request, sha256: 'ab'.repeat(32) });
    const { conditions } = JSON.parse(Buffer.from(fields.Policy!, 'base64').toString());
    const checksum = Buffer.from('ab'.repeat(32), 'hex').toString('base64');
    expect(fields).toMatchObject({ 'x-amz-checksum-algorithm': 'SHA256', 'x-amz-checksum-sha256': checksum });
    expect(conditions).toContainEqual({ 'x-amz-checksum-sha256': checksum });
  });

  it('takes one file of its size and type, under its key, for a while (pitfall 33)', async () => {
    const { id, uri, fields, expiresAt } = await uploads.presign(request);
    const { expiration, conditions } = JSON.parse(Buffer.from(fields.Policy!, 'base64').toString());
    expect(uri).toBe(`s3://${buckets.uploadsBucket}/uploads/perception/${id}/clip.mp4`);
    expect(conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 1, 1000],
        { 'Content-Type': 'video/mp4' },
        { bucket: buckets.uploadsBucket },
        { key: `uploads/perception/${id}/clip.mp4` },
      ]),
    );
    expect(Math.abs(Date.parse(expiration) - Date.parse(expiresAt))).toBeLessThan(2000);
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(59 * 60_000);
  });

  it('posted with a file leaves an object that a job can name', async () => {
    const { url, uri, fields } = await uploads.presign(request);
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob(['bytes']), 'clip.mp4');
    expect((await fetch(url, { method: 'POST', body: form })).ok).toBe(true);
    const source = await artifacts.openInput({ name: 'clip.mp4', uri });
    expect(Buffer.from(await source.read(0, 99)).toString()).toBe('bytes');
  });

  it.each([
    { name: 'CLIP.MP4', safe: 'CLIP.MP4' },
    { name: '../../etc/passwd', safe: 'passwd' },
    { name: 'C:\\clips\\a b.mov', safe: 'a-b.mov' },
    { name: 'Übung & “Café”.mp4', safe: 'U-bung-Cafe-.mp4' },
    { name: '.hidden', safe: 'hidden' },
    { name: '..', safe: 'file' },
    { name: '视频.mp4', safe: 'mp4' },
    { name: `${'x'.repeat(300)}.mp4`, safe: `${'x'.repeat(96)}.mp4` },
  ])('for $name has the key’s last part $safe', async ({ name, safe }) => {
    const { id, uri } = await uploads.presign({ ...request, name });
    expect(uri).toBe(`s3://${buckets.uploadsBucket}/uploads/perception/${id}/${safe}`);
  });

  it.each(['..', 'a/../b', ''])('is refused for the team %j, whose key would lie elsewhere', async (team) => {
    await expect(uploads.presign({ ...request, team })).rejects.toMatchObject({ name: 'ContractError' });
  });
});

describe('a link', () => {
  it.each([
    { name: 'a result', options: { result: 'report.html' } },
    { name: 'a working file', options: {} },
  ])('gives $name to anybody, under its name and without a checksum (pitfall 32)', async ({ options }) => {
    await artifacts.putBytes('jobs/a/report.html', 'text', options);
    const link = await uploads.link('jobs/a/report.html', "Bericht (1) 'für' alle.html");
    expect(new URL(link).searchParams.get('response-content-disposition')).toBe(
      "attachment; filename*=UTF-8''Bericht%20%281%29%20%27f%C3%BCr%27%20alle.html",
    );
    expect(link.toLowerCase()).not.toContain('checksum');
    expect(await (await fetch(link)).text()).toBe('text');
  });

  it('is refused for what is not there', async () => {
    await expect(uploads.link('jobs/a/none', 'none')).rejects.toMatchObject({ name: 'InputNotFoundError' });
    await expect(uploads.link('../none', 'none')).rejects.toMatchObject({ name: 'ContractError' });
  });
});
