import { listEndpoint, oneEndpoint } from './products/read.ts';
import { changeEndpoint, createEndpoint, removeEndpoint } from './products/write.ts';

/** In the order of the document. */
export const productEndpoints = [listEndpoint, oneEndpoint, createEndpoint, changeEndpoint, removeEndpoint];
