/** Longest name a client may give itself, in characters. */
export const maxUserId = 64;

/** Whether somebody of this name may do what others may not. */
export function isAdmin(userId: string): boolean {
    return userId.startsWith("admin");
}
