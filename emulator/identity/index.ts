export { namesLateRole } from "./assignments";
export { vaultAudience, vaultDomain } from "./audience";
export { AuthorizationError } from "./errors";
export { openIdentity } from "./identity";
export { type RoleName, roleDisplayName, roles } from "./roles";
export type {
    Caller,
    Identity,
    IdentitySession,
    Principal,
    RoleAssignment,
    RoleCheck,
    TokenCheck,
    TokenClaims,
    TokenRequest,
} from "./types";
