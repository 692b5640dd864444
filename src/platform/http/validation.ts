import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { ProblemException, type FieldProblem } from './problem.js';

function flatten(errors: ValidationError[], path: string): FieldProblem[] {
  return errors.flatMap((error) => {
    const field = path === '' ? error.property : `${path}.${error.property}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      field, message: rule === 'whitelistValidation' ? '没有这个字段，请去掉' : message,
    }));
    return [...own, ...flatten(error.children ?? [], field)];
  });
}

/** The check of every body and query: unknown fields refused, all wrong fields named at once, values never echoed. */
export function checkedBody(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new ProblemException('fields-wrong', undefined, flatten(errors, '')),
  });
}
