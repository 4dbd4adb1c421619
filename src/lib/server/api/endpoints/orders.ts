import { exportEndpoint } from './orders/export.ts';
import { listEndpoint } from './orders/list.ts';
import { oneEndpoint } from './orders/one.ts';
import { syncEndpoint } from './orders/sync.ts';

/** In the order of the document. */
export const orderEndpoints = [listEndpoint, oneEndpoint, syncEndpoint, exportEndpoint];
