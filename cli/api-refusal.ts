interface RefusalFacts {
  /** The HTTP status; none when nothing answered. */
  status?: number;
  hint: string;
  problems?: string[];
}

/** The API did not do what was asked for, or nothing answered. `hint` says what to do. */
export class ApiRefusal extends Error {
  override readonly name: string;
  readonly exitCode: number;
  readonly facts: RefusalFacts;

  /** `code` is the problem's, as the API spells it. */
  constructor(code: string, detail: string, facts: RefusalFacts) {
    super(detail);
    this.name = code;
    this.facts = facts;
    this.exitCode = exitCodeFor(facts.status);
  }
}

/** The sysexits(3) code for an HTTP status. */
function exitCodeFor(status: number | undefined): number {
  if (status === 401 || status === 403) return 77;
  if (status === 404) return 66;
  if (status === 409 || status === 429) return 75;
  if (status !== undefined && status >= 400 && status < 500) return 64;
  return 69;
}
