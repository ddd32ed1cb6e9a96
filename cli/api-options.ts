import { type Command, Option } from 'commander';
import type { ApiClient } from './api-client.ts';

/** Where `stepreel dev` serves if nobody says otherwise. */
export const HOME_PORT = 5002;

export interface ApiOptions {
  api: string;
}

/** Adds the options that every command has which asks an API. */
export function addApiOption(command: Command): Command {
  return command.addOption(
    new Option('--api <url>', 'address of the API').env('STEPREEL_API').default(`http://127.0.0.1:${HOME_PORT}`),
  );
}

/** The API that a command's options name. */
export async function openApi({ api }: ApiOptions): Promise<ApiClient> {
  return (await import('./api-client.ts')).openApiClient(api);
}
