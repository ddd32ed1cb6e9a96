import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Addresses that a name has. */
export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;

/** Which receivers webhooks may go to. */
export interface ReceiverRule {
  /** True for an address that one may have. */
  allows: (address: string) => boolean;
  resolve: Resolve;
}

const resolve: Resolve = (host) => systemLookup(host, { all: true });
export const PUBLIC_ONLY: ReceiverRule = { allows: isPublic, resolve };
/** On this machine and in its networks too. */
export const ANYWHERE: ReceiverRule = { allows: () => true, resolve };

/** A receiver that no webhook goes to, whenever it is tried. */
export class ReceiverRefused extends Error {
  override readonly name = 'ReceiverRefused';
}

/** Why an address may not receive webhooks, as far as it can be told without asking DNS; undefined when it may. */
export function refuseReceiver(url: string, { allows }: Pick<ReceiverRule, 'allows'>): string | undefined {
  if (!URL.canParse(url)) return 'it is no URL';
  const { protocol, username, password, hostname } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return `webhooks go to https: or http:, not to ${protocol}`;
  if (username || password) return 'a URL that names a user or a password is shown to whoever reads the job';
  const host = bareHost(hostname);
  if (!ipaddr.isValid(host) || allows(host)) return undefined;
  return `${host} is no address of the public internet`;
}

/** `[::1]` → `::1`. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/**
 * True for an address that anybody on the internet can be reached at. Everything else is refused whole: loopback, private,
 * link-local, shared and multicast ranges, and what carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo), since
 * where that leads is the network's choice.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
}

// All of IPv6 that was given out so far. Outside of it lies, among other things, `::127.0.0.1`.
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * The look-up of a connection: the addresses that were checked are those that are connected to, so that a name can't
 * lead somewhere else a moment later. One address that is not public refuses the name.
 */
export function checkedLookup({ allows, resolve }: ReceiverRule): LookupFunction {
  return (host, options, found) => {
    const give = (addresses: { address: string; family: number }[]) => {
      const wrong = addresses.find(({ address }) => !allows(address));
      if (wrong)
        throw new ReceiverRefused(`${host} leads to ${wrong.address}, which is no address of the public internet`);
      const [first] = addresses;
      if (!first) throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
      if (options.all) found(null, addresses);
      else found(null, first.address, first.family);
    };
    resolve(host)
      .then(give)
      .catch((thrown: NodeJS.ErrnoException) => found(thrown, '', 0));
  };
}
