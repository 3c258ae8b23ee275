import { adminAnnounces, annGoes, describePage, sendsOut, twoPeopleTalk } from "../support/chatPage";

describePage(
    {
        title: "the chat's page on Socket.IO",
        stack: "local",
        config: { "azure-realtime:heartbeatSchedule": "* * * * * *" },
    },
    (pages) => {
        it("lets two people talk: to everyone, in rooms, in all rooms, to one", async () => {
            const people = await twoPeopleTalk(pages);
            await people.ann.waitForFunction(() =>
                document.getElementById("tick")?.textContent?.startsWith("Service time"),
            );
            await annGoes(people);
        });

        it("lets an admin announce, and tells who is sent out, with and without the connection", async () => {
            const { admin, carol } = await adminAnnounces(pages);
            for (const button of ["Send out", "Cut off"]) {
                await sendsOut({ admin, carol, button, reason: "You were sent out of the chat" });
            }
            await admin.context().close();
            await carol.context().close();
        });
    },
);

describePage({ title: "the chat's page on Web PubSub", stack: "local-webpubsub" }, (pages) => {
    it("lets two people talk: to everyone, in rooms, in all rooms, to one", async () =>
        annGoes(await twoPeopleTalk(pages)));

    it("lets an admin announce, and tells who is sent out", async () => {
        const { admin, carol } = await adminAnnounces(pages);
        await sendsOut({ admin, carol, button: "Send out", reason: "sent out by admin" });
        await admin.context().close();
        await carol.context().close();
    });
});

describePage({ title: "the chat's page on SignalR", stack: "local-signalr" }, (pages) => {
    it("lets two people talk: to everyone, in rooms, in all rooms, to one", async () =>
        annGoes(await twoPeopleTalk(pages)));

    it("lets an admin announce", async () => {
        const { admin, carol } = await adminAnnounces(pages);
        await admin.context().close();
        await carol.context().close();
    });
});
