export { RECONCILED_DAYS, reconciliation } from './reconcile.ts';
