/** What a lookup finds, or nothing where the resource does not exist. Any other failure stops the update. */
export async function orMissing<T>(lookup: Promise<T>): Promise<T | undefined> {
    try {
        return await lookup;
    } catch (error) {
        if (/\b404\b|Resource(Group)?NotFound|does not exist/i.test(String(error))) {
            return undefined;
        }
        throw error;
    }
}
