import { HttpException } from '@nestjs/common';
import { fen, invariant, spokenYuan, type Outcome, type Refusal } from '../../kernel/index.js';

/** A row of the problem table: the HTTP status, and a sentence in Chinese that says what to do next. */
export interface Problem {
  readonly status: number;
  /** May name facts of the refusal's detail in braces: `最多 {limit} 行`. Facts in fen are written in yuan: `还可退 {leftFen} 元`. */
  readonly sentence: string;
}

/** The problems of one room, by code. All rooms' tables make the one table of the product. */
export type ProblemTable = Readonly<Record<string, Problem>>;

const table = new Map<string, Problem>();

/**
 * Adds a room's problems to the product's table and hands them back.
 * @throws InvariantBroken when a code is taken by another sentence
 */
export function defineProblems<T extends ProblemTable>(problems: T): T {
  for (const [code, problem] of Object.entries(problems)) {
    const known = table.get(code);
    invariant(!known || known.sentence === problem.sentence, `problem code defined twice: ${code}`);
    table.set(code, problem);
  }
  return problems;
}

/** The whole table, sorted by code: documentation and tests read it. */
export function allProblems(): [string, Problem][] {
  return [...table.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One field of a request that was wrong. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** The body of an error answer (RFC 9457, application/problem+json). */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: Refusal['detail'];
  readonly errors?: readonly FieldProblem[];
}

/**
 * Words a problem.
 * @throws InvariantBroken when no room defined the code
 */
export function problemBody(code: string, detail?: Refusal['detail'], errors?: readonly FieldProblem[]): ProblemBody {
  const problem = table.get(code);
  invariant(problem, `no problem has the code ${code}`);
  const title = problem.sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = detail?.[name];
    if (value === undefined) return whole;
    return name.endsWith('Fen') && typeof value === 'number' ? spokenYuan(fen(value)) : String(value);
  });
  return {
    type: `/errors#${code}`, title, status: problem.status, code,
    ...(detail === undefined ? {} : { detail }), ...(errors === undefined ? {} : { errors }),
  };
}

/** Carries a refusal out of a controller or guard; the filter turns it into the answer. */
export class ProblemException extends HttpException {
  constructor(readonly code: string, readonly facts?: Refusal['detail'], readonly fields?: readonly FieldProblem[], readonly retryAfter?: number) {
    super(code, table.get(code)?.status ?? 500);
  }
}

/** A use case's value, or its refusal as the HTTP answer. The last line of most handlers. */
export function answer<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ProblemException(outcome.code, outcome.detail);
}

defineProblems({
  'body-malformed': { status: 400, sentence: '请求内容不是有效的 JSON，请检查后重发。' },
  'fields-wrong': { status: 400, sentence: '有字段填写不正确，请按 errors 中逐项的说明更正后重新提交。' },
  'body-too-large': { status: 413, sentence: '提交的内容太大，请分批提交。' },
  'media-type-wrong': { status: 415, sentence: '请以 application/json 提交。' },
  'route-unknown': { status: 404, sentence: '没有这个地址，请对照 /api 页面检查路径和方法。' },
  'not-found': { status: 404, sentence: '没有找到，或不在您的管辖范围内，请核对编号。' },
  'log-in-needed': { status: 401, sentence: '请先登录。' },
  'not-allowed': { status: 403, sentence: '您的岗位不能做这项操作，请联系有权限的同事。' },
  'outside-scope': { status: 403, sentence: '该对象不在您的管辖范围内，请联系所属地区的工作人员。' },
  'id-taken': { status: 409, sentence: '这个编号已用于另一项内容不同的操作，请换一个新编号再提交。' },
  'cursor-wrong': { status: 400, sentence: '翻页标记无效，请从第一页重新查询。' },
  'not-ready': { status: 503, sentence: '服务正在启动、停止，或暂时连不上数据库，请稍候再试。' },
  'busy': { status: 503, sentence: '系统暂时繁忙，数据没有丢失，请稍候用同一编号重试。' },
  'internal': { status: 500, sentence: '系统出错，已记录；请稍候用同一编号重试，仍不行请联系管理员并告知请求编号。' },
});
