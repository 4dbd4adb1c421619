export { can, require } from './access.ts';
export { acceptAsNewcomer, acceptInvitation, findInvitation, type Invitation } from './accept-invitation.ts';
export { listSessions, revokeOtherSessions, revokeSession, type SessionView } from './account-sessions.ts';
export { adminAddresses } from './admins.ts';
export { audit, auditPerson, type AuditData, type AuditTarget } from './audit.ts';
export { changeName, changePassword } from './change-account.ts';
export { changeMember, removeMember } from './change-member.ts';
export { ctxFor, ctxOfMember, jobCtx, visitorCtx } from './ctx-for.ts';
export {
	demoOrganization,
	ensureDemoOrganization,
	leaveDemo,
	openDemo,
	removeDemoOrganization
} from './demo.ts';
export { resendVerification, verifyEmail } from './email-verification.ts';
export { invite, resendInvitation, revokeInvitation } from './invitations.ts';
export { publicOrigin } from './email-links.ts';
export { recipientCtx } from './recipient-ctx.ts';
export { listInvitations, listMembers, type Member, type OpenInvitation } from './members.ts';
export { createOrganization, organizationsOf, type OwnOrganization } from './organizations.ts';
export { requestIdentity, type CookieJar, type RequestIdentity, type SignedIn } from './request-identity.ts';
export { findReset, requestPasswordReset, resetPassword } from './reset-password.ts';
export { endSession, identify, startSession } from './sessions.ts';
export { checkPassword, signIn, WrongCredentials } from './sign-in.ts';
export { signOut } from './sign-out.ts';
export { signUp, signUpOpen } from './sign-up.ts';
export { updateOrganization } from './update-organization.ts';
