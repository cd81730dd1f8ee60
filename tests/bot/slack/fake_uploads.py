"""files.*: uploads in three steps."""

from typing import Any

from aiohttp import web

from tests.bot.slack.fake_state import Arguments, Call, FakeState, Refusal, dm_of


class FileMethods(FakeState):
    """Files."""

    def _files_getUploadURLExternal(self, a: Arguments) -> dict[str, Any]:  # noqa: N802 - Slack's name
        file = self.files.begin(a["filename"], int(a["length"]))
        return {"upload_url": f"{self.url}/upload/{file.id}", "file_id": file.id}

    def _files_completeUploadExternal(self, a: Arguments) -> dict[str, Any]:  # noqa: N802 - Slack's name
        channel = a.get("channel_id", "")
        if channel and channel not in {dm_of(user) for user in self.users}:
            raise Refusal("invalid_channel")
        if not self.files.complete(a["files"], channel):
            raise Refusal("file_not_found")
        return {"files": a["files"]}

    async def _upload(self, request: web.Request) -> web.Response:
        self.calls.append(Call("upload", {"id": request.match_info["id"]}))
        if self.faults["upload"]:
            fault = self.faults["upload"].pop(0)
            return web.Response(status=fault.status, text=fault.error)
        return web.Response(status=self.files.receive(request.match_info["id"], await request.read()))
