import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

interface Problem {
  type: ResponseType;
  status: number;
  title: string;
  code: string;
  hint: string;
}

const DETAIL = '$context.error.messageString';

/** What API Gateway itself answers, where it would else have words of its own: problem documents, as the router's. */
export const PROBLEMS: readonly Problem[] = [
  {
    type: ResponseType.UNAUTHORIZED,
    status: 401,
    title: 'Unauthorized',
    code: 'Unauthorized',
    hint: 'Send an x-api-key header, or Authorization: Bearer with a token.',
  },
  {
    type: ResponseType.ACCESS_DENIED,
    status: 403,
    title: 'Forbidden',
    code: 'Forbidden',
    hint: 'The key or token is not known, or was taken back. Ask for another.',
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: 403,
    title: 'Forbidden',
    code: 'Forbidden',
    hint: 'The team has no usage plan. Add the team again.',
  },
  {
    type: ResponseType.BAD_REQUEST_BODY,
    status: 400,
    title: 'Bad body',
    code: 'BadBody',
    hint: 'Send a JSON object; /openapi.json says which.',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    title: 'Too large',
    code: 'TooLarge',
    hint: 'Send files through POST /uploads.',
  },
  {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    status: 415,
    title: 'Not json',
    code: 'NotJson',
    hint: 'Say Content-Type: application/json.',
  },
  {
    type: ResponseType.THROTTLED,
    status: 429,
    title: 'Throttled',
    code: 'Throttled',
    hint: 'Wait a second and try again.',
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: 429,
    title: 'Quota exceeded',
    code: 'QuotaExceeded',
    hint: 'The plan counts requests by the day. Try again tomorrow, or ask for a larger plan.',
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    title: 'Timeout',
    code: 'Timeout',
    hint: 'Try again. With an Idempotency-Key nothing is done twice.',
  },
];

export function addProblemResponses(api: RestApi): void {
  for (const { type, status, title, code, hint } of PROBLEMS) {
    const problem = { type: `urn:stepreel:problem:${code}`, title, status, detail: DETAIL, code, hint };
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(status),
      responseHeaders: {
        'Content-Type': "'application/problem+json'",
        ...(status === 429 ? { 'Retry-After': code === 'QuotaExceeded' ? "'3600'" : "'1'" } : {}),
      },
      // Put in without quotes: API Gateway brings its own.
      templates: { 'application/json': JSON.stringify(problem).replace(JSON.stringify(DETAIL), DETAIL) },
    });
  }
}
