"""Lists as FastMCP's client hands them to a program: unwrapped by the output schema; rare arguments, which tools/list
leaves out, are accepted.

Usage: python unwrap.py URL
"""
import asyncio
import sys

from fastmcp import Client

PROJECT = "/srv/sdk-unwrap"
AGENTS = ("BlueLake", "GreenCastle")


async def main(url):
    async with Client(url) as client:
        async def call(tool, **args):
            return (await client.call_tool(tool, args if "human_key" in args else {"project_key": PROJECT, **args})).data

        listed = {tool.name: tool.input_schema["properties"] for tool in await client.list_tools()}
        await call("ensure_project", human_key=PROJECT)
        for name in AGENTS:
            await call("register_agent", program="sdk-test", model="m", name=name, attachments_policy="auto")
        await call("set_contact_policy", agent_name=AGENTS[1], policy="open")
        await call("send_message", sender_name=AGENTS[0], to=[AGENTS[1]], subject="s", body_md="- p", thread_id="T-1", bcc=[],
                   attachment_paths=[], convert_images=None, auto_contact_if_blocked=False)
        for tool, args in {"fetch_inbox": {"agent_name": AGENTS[1], "topic": None, "ack_overdue_only": False},
                           "fetch_topic": {"topic_name": "x", "limit": 5, "include_bodies": True, "since_ts": None},
                           "list_contacts": {"agent_name": AGENTS[0], "fields": ["to"]}, "fetch_summary": {"fields": ["id"]}}.items():
            assert isinstance(await call(tool, **args), list), tool
        assert not {"bcc", "convert_images"} & set(listed["send_message"]) and "ack_overdue_only" not in listed["fetch_inbox"]
        joined = await call("macro_prepare_thread", thread_id="T-1", program="sdk-test", model="m", agent_name=AGENTS[1],
                            include_examples=False, inbox_limit=3, include_inbox_bodies=True, register_if_missing=True, llm_mode=False)
        assert joined["thread"]["total_messages"] == 1 and joined["inbox"][0]["body_md"] == "- p", joined
        print("FastMCP: ok")


asyncio.run(main(sys.argv[1]))
