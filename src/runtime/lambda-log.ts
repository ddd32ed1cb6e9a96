import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { Logger } from '#core/step';
import { type LogSubject, logFields, SERVICE } from './log-fields.ts';

export interface LambdaLog extends Logger {
  /** From here on every line is about this. */
  about(subject: LogSubject): void;
  /** Forgets what the lines were about: the process serves the next invocation. */
  reset(): void;
}

/** The log of a function: JSON lines, the level by POWERTOOLS_LOG_LEVEL. */
export function openLambdaLog(): LambdaLog {
  const logger = new PowertoolsLogger({ serviceName: SERVICE });
  return {
    about(subject) {
      // Powertools writes the service by itself.
      const { service: _service, ...fields } = logFields(subject);
      logger.appendKeys(fields);
    },
    reset: () => logger.resetKeys(),
    debug: (message, fields = {}) => logger.debug(message, fields),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
}
