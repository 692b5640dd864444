import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { ProblemException, type FieldProblem } from './problem.js';

/** Wrong fields that one answer names: whoever sends thousands gets no answer of megabytes. */
const MOST_NAMED = 50;

function flatten(errors: ValidationError[], path: string): FieldProblem[] {
  return errors.flatMap((error) => {
    const field = path === '' ? error.property : `${path}.${error.property}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      field, message: rule === 'whitelistValidation' ? '没有这个字段，请去掉' : message,
    }));
    return [...own, ...flatten(error.children ?? [], field)];
  });
}

type Rules = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>;

let remembering = false;

/** class-validator walks over the rules of every class of the service for each object; a class's own never change, so they are remembered. */
function rememberRules(): void {
  if (remembering) return;
  remembering = true;
  const storage = getMetadataStorage();
  const walk = storage.getTargetValidationMetadatas.bind(storage);
  const known = new WeakMap<object, Map<string, Rules>>();
  storage.getTargetValidationMetadatas = (target, schema, always, strict, groups) => {
    const ofClass = known.get(target) ?? new Map<string, Rules>();
    known.set(target, ofClass);
    const asked = `${schema} ${always} ${strict} ${groups?.join() ?? ''}`;
    const rules = ofClass.get(asked) ?? walk(target, schema, always, strict, groups);
    ofClass.set(asked, rules);
    return rules;
  };
}

/** Tells of a raw body that every rule of its class holds, and that the class would leave it as it is. */
export type QuickCheck = (body: unknown) => boolean;

const quickChecks = new Map<unknown, QuickCheck>();

/**
 * Gives a class of bodies a quick first look. Only what it accepts skips the rules of the class; whatever it does not
 * know goes through them as ever, and they alone find the words for what is wrong.
 */
export function lookQuickly(type: new () => object, check: QuickCheck): void {
  quickChecks.set(type, check);
}

class BodyCheck extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const quick = quickChecks.get(metadata.metatype);
    // Nest waits for a value as for a promise, and a value is there at once.
    return quick?.(value) ? (value as Promise<unknown>) : super.transform(value, metadata);
  }
}

/** The check of every body and query: unknown fields refused, all wrong fields named at once, values never echoed. */
export function checkedBody(): ValidationPipe {
  rememberRules();
  return new BodyCheck({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new ProblemException('fields-wrong', undefined, flatten(errors, '').slice(0, MOST_NAMED)),
  });
}
