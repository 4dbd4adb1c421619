export { answer, type Answered } from './answer.ts';
export { endpoint, openEndpoint, type Endpoint, type Example } from './endpoint.ts';
export { openApi } from './openapi.ts';
export { upgrade, upgradeRequired } from './websocket.ts';
export { TITLES } from './problem.ts';
export { endpoints } from './registry.ts';
