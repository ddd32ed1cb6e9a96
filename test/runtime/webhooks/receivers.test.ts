import { describe, expect, it } from 'vitest';
import {
  ANYWHERE,
  checkedLookup,
  isPublic,
  PUBLIC_ONLY,
  type ReceiverRule,
  refuseReceiver,
} from '#runtime/webhooks/receivers';

describe('an address (pitfall 54)', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.8.8.8', 'loopback'],
    ['0.0.0.0', 'this host'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'link-local, where clouds keep credentials'],
    ['169.254.170.2', 'link-local, where tasks get theirs'],
    ['100.64.0.1', 'shared by carriers'],
    ['192.0.0.1', 'of protocols'],
    ['192.0.2.1', 'of documents'],
    ['198.18.0.1', 'of benchmarks'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::127.0.0.1', 'IPv4 inside, the first way'],
    ['::ffff:127.0.0.1', 'IPv4 mapped'],
    ['::ffff:8.8.8.8', 'IPv4 mapped, though that one is public'],
    ['::ffff:0:10.0.0.1', 'IPv4 translated'],
    ['64:ff9b::169.254.169.254', 'NAT64'],
    ['64:ff9b:1::a00:1', 'NAT64 of a network’s own'],
    ['2002:7f00:1::', '6to4'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'Teredo'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['fec0::1', 'site-local'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'unique local, where clouds keep credentials'],
    ['ff02::1', 'multicast'],
    ['2001:db8::1', 'of documents'],
    ['100::1', 'discarded'],
    ['4000::1', 'not given out'],
    ['no address', 'none'],
  ])('%s is not public: %s', (address) => expect(isPublic(address)).toBe(false));

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001:813::200e'])(
    '%s is public',
    (address) => expect(isPublic(address)).toBe(true),
  );
});

describe('a receiver', () => {
  const isRefused = (url: string, rule = PUBLIC_ONLY) => refuseReceiver(url, rule) !== undefined;

  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://[::1]:8080/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'https://10.1.2.3/hook',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'https://user:password@example.com/',
    'https://user@example.com/',
    'no URL',
  ])('at %s is refused before anything is looked up', (url) => expect(isRefused(url)).toBe(true));

  it.each(['https://example.com/hook', 'http://8.8.8.8:8080/', 'https://[2606:4700:4700::1111]/'])(
    'at %s may be tried',
    (url) => expect(isRefused(url)).toBe(false),
  );

  it('on this machine may be tried where that is allowed; another protocol never', () => {
    expect(isRefused('http://127.0.0.1:9000/', ANYWHERE)).toBe(false);
    expect(isRefused('file:///etc/passwd', ANYWHERE)).toBe(true);
  });
});

describe('the look-up of a connection', () => {
  const lookup = (
    addresses: string[],
    { allows = isPublic, all = true }: { allows?: ReceiverRule['allows']; all?: boolean } = {},
  ) => {
    const resolve: ReceiverRule['resolve'] = async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    return new Promise<unknown>((found) => {
      checkedLookup({ allows, resolve })('example.com', { all }, (error, address) => found(error ?? address));
    });
  };

  it('gives the addresses that were checked', async () => {
    expect(await lookup(['8.8.8.8', '2606:4700:4700::1111'])).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700:4700::1111', family: 6 },
    ]);
    expect(await lookup(['8.8.8.8'], { all: false })).toBe('8.8.8.8');
  });

  it.each([[['127.0.0.1']], [['8.8.8.8', '10.0.0.1']], [['8.8.8.8', 'fd00::1']], [['::ffff:10.0.0.1']]])(
    'refuses a name that leads to %j, all of it',
    async (addresses) => expect(await lookup(addresses)).toMatchObject({ name: 'ReceiverRefused' }),
  );

  it('gives private ones where that is allowed', async () => {
    expect(await lookup(['127.0.0.1'], { allows: ANYWHERE.allows, all: false })).toBe('127.0.0.1');
  });

  it('says of a name without an address that there is none', async () => {
    expect(await lookup([])).toMatchObject({ code: 'ENOTFOUND' });
  });
});
