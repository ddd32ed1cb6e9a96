/** The package has types that its `exports` hide. */
declare module 'asl-validator' {
  interface Validated {
    isValid: boolean;
    errorsText(separator?: string): string;
  }

  export default function validate(
    definition: unknown,
    options?: { checkArn?: boolean; checkPaths?: boolean },
  ): Validated;
}
