export { ctxFor, identify, type RequestIdentity, type SignedIn } from './identify.ts';
