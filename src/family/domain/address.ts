/** A relative's word for the elder, or the elder's own. @param surname with which a neighbour would address them */
export function addressOf(sex: 'male' | 'female', relation: string | null, surname: string): string {
  const she = sex === 'female';
  if (relation === null) return '您';
  if (relation === 'child') return she ? '妈妈' : '爸爸';
  if (relation === 'spouse') return '老伴';
  return `${surname}${she ? '奶奶' : '爷爷'}`;
}
