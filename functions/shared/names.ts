/** Maximum length of a client's name, in characters. */
export const maxUserId = 64;

/** Whether a client of this name has the rights of an admin. */
export function isAdmin(userId: string): boolean {
    return userId.startsWith("admin");
}
