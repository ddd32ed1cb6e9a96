/** One figure of the price table, in US dollars. */
export interface Figure {
  usd: number;
  per: string;
  /** Where it was read, and when that was written. */
  source: string;
  /** False for a figure that AWS's own pages, or articles that quote them, were not found to say on the table's date. */
  lookedUp: boolean;
}

/**
 * List prices without free tiers, taxes and discounts. This is their one home: quotes, receipts and the tables of
 * docs/deploying.md use these figures. Whoever changes one changes the date.
 */
export const PRICES = {
  date: '2026-11-21',
  region: 'us-east-1',
  figures: {
    fargateVcpuHour: {
      usd: 0.04048,
      per: 'vCPU and hour, Linux on x86, by the second, at least a minute',
      source: 'factualminds.com/blog/amazon-fargate-ecs-task-pricing-2026 (June 2026), vantage.sh/blog/fargate-pricing',
      lookedUp: true,
    },
    fargateGbHour: {
      usd: 0.004445,
      per: 'GB of memory and hour',
      source: 'factualminds.com/blog/amazon-fargate-ecs-task-pricing-2026 (June 2026), vantage.sh/blog/fargate-pricing',
      lookedUp: true,
    },
    fargateDiskGbHour: {
      usd: 0.000111,
      per: 'GB of disk beyond the first 20 and hour',
      source: 'vantage.sh/blog/fargate-pricing',
      lookedUp: true,
    },
    lambdaGbSecond: {
      usd: 0.0000166667,
      per: 'GB and second on x86, by the millisecond, the first tier',
      source: 'cloudchipr.com/blog/aws-lambda-pricing (2024); AWS whitepaper "How AWS Pricing Works" says 0.00001667',
      lookedUp: true,
    },
    lambdaRequest: {
      usd: 0.2 / 1e6,
      per: 'call of a function',
      source: 'AWS whitepaper "How AWS Pricing Works", Lambda',
      lookedUp: true,
    },
    stateTransition: {
      usd: 0.025 / 1e3,
      per: 'state transition of a standard workflow, retries among them',
      source: 'aws.amazon.com/step-functions/pricing',
      lookedUp: true,
    },
    s3Put: {
      usd: 0.005 / 1e3,
      per: 'PUT, COPY, POST or LIST, S3 Standard',
      source: 'c3x.dev/blog/s3-request-fees-explained',
      lookedUp: true,
    },
    s3Get: {
      usd: 0.0004 / 1e3,
      per: 'GET or HEAD, S3 Standard',
      source: 'c3x.dev/blog/s3-request-fees-explained',
      lookedUp: true,
    },
    tableWrite: {
      usd: 0.625 / 1e6,
      per: 'write request unit of DynamoDB on demand',
      source: 'airbyte.com/data-engineering-resources/dynamodb-pricing (July 2025)',
      lookedUp: true,
    },
    tableRead: {
      usd: 0.125 / 1e6,
      per: 'read request unit of DynamoDB on demand',
      source: 'airbyte.com/data-engineering-resources/dynamodb-pricing (July 2025)',
      lookedUp: true,
    },
    gpuMachineHour: {
      usd: 0.526,
      per: 'g4dn.xlarge and hour, Linux on demand, by the second; one task has all of it',
      source: 'an undated list; known so for years',
      lookedUp: false,
    },
    /** A Fargate Spot price is no list price: AWS moves it. Nothing is calculated with it. */
    fargateSpotShare: {
      usd: 0.35,
      per: 'dollar of the price on demand, in the middle of what is told',
      source: 'fortem.dev/fargate-spot says 50 to 70 % less',
      lookedUp: false,
    },
  },
} as const satisfies { date: string; region: string; figures: Record<string, Figure> };
