/** Gets from the app the URL and token for a client of this name. */
export async function negotiate<Access>(name: string): Promise<Access> {
    const response = await fetch(`negotiate?${new URLSearchParams({ userId: name })}`, { cache: "no-store" });
    if (!response.ok) {
        throw new Error(`The chat answered ${response.status}`);
    }
    return response.json();
}
