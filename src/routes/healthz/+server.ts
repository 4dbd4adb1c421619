/** The process answers: for restarts by a supervisor. */
export const GET = () => Response.json({ ok: true });
