export { findInexact, type Inexact } from './text/exact-json.ts';
export { isExactNumber } from './text/exact-number.ts';
export { factoryNames, factoryName, type FactoryName } from './factory/factory-name.ts';
export {
  factoryRequest,
  factoryReply,
  receiptPayload,
  type FactoryRequest,
  type ReceiptPayload,
} from './factory/factory.ts';
export { factoryConditions, type FactoryCondition } from './factory/factory-condition.ts';
export { isoTime } from './text/iso-time.ts';
export {
  maxOrderBytes,
  idValue,
  totalOf,
  orderIn,
  orderWithId,
  type OrderIn,
  type Diner,
  type OrderWithId,
} from './order/order.ts';
export { outcomeKinds, type OutcomeKind, type Outcome } from './order/outcome.ts';
export { problem, ProblemError, parsedOrProblem, parseOrProblem, notValid, type Problem } from './problem.ts';
export {
  orderStates,
  deadLetterReasons,
  type OrderState,
  type DeadLetterReason,
} from './order/order-state.ts';
export {
  attempt,
  orderRecord,
  orderSummary,
  summaryOf,
  orderJob,
  type Attempt,
  type OrderRecord,
  type OrderSource,
  type OrderSummary,
  type OrderJob,
} from './order/record.ts';
export {
  verifyIn,
  fulfilledReply,
  acceptedReply,
  verifyReply,
  type FulfilledReply,
  type AcceptedReply,
  type VerifyReply,
} from './order/reply.ts';
export { orderStatus, toDinerStatus, toOrderStatus, type OrderStatus } from './order/status.ts';
export { wellFormedJson } from './text/well-formed-json.ts';
export { wellFormed, idText } from './text/well-formed.ts';
