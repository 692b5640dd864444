export { checkpointText, originOf, textOfNote, type Checkpoint } from './checkpoint.js';
export { statementOf, type SealedDay, type SealLine } from './day-seal.js';
export { consistencyProof, EMPTY_TREE, grow, includes, inclusionProof, inclusionProofs, isConsistent, leafHash, rootOf, rootOfEdge, type Inclusion, type Sha256, type TreeEdge, type TreeHead } from './merkle.js';
