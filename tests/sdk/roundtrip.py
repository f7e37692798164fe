"""Two agents over the official Python SDK: register, reserve, mail, reply, search, read, acknowledge.

Usage: python roundtrip.py URL
"""
import asyncio
import json
import sys

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

PROJECT = "/srv/sdk-py"


async def call(session, name, **args):
    result = await session.call_tool(name, args)
    assert not result.isError, f"{name}: {result.content[0].text}"
    return json.loads(result.content[0].text)


async def register(session, model):
    me = await call(session, "register_agent", project_key=PROJECT, program="sdk-test", model=model)
    return me["name"]


async def talk(a, b):
    names = [tool.name for tool in (await a.list_tools()).tools]
    assert "send_message" in names and "search_messages" in names, names
    await call(a, "ensure_project", human_key=PROJECT)
    alice, bob = await register(a, "one"), await register(b, "two")

    granted = await call(a, "file_reservation_paths", project_key=PROJECT, agent_name=alice, paths=["src/*.c"], ttl_seconds=600)
    assert len(granted["granted"]) == 1, granted
    clash = await call(b, "file_reservation_paths", project_key=PROJECT, agent_name=bob, paths=["src/a.c"], ttl_seconds=600)
    assert len(clash["conflicts"]) == 1, clash

    for session, name in ((a, alice), (b, bob)):
        await call(session, "set_contact_policy", project_key=PROJECT, agent_name=name, policy="open")
    sent = await call(a, "send_message", project_key=PROJECT, sender_name=alice, to=[bob], subject="Parser plan",
                      body_md="May I take the *parser*?", ack_required=True)
    assert sent["count"] == 1, sent
    inbox = await call(b, "fetch_inbox", project_key=PROJECT, agent_name=bob, include_bodies=True)
    mail = next(m for m in inbox if m["subject"] == "Parser plan")
    assert mail["from"] == alice and mail["body_md"] == "May I take the *parser*?", mail
    await call(b, "reply_message", project_key=PROJECT, message_id=mail["id"], sender_name=bob, body_md="Yes, take it.")
    found = await call(b, "search_messages", project_key=PROJECT, query="parser", agent_name=bob)
    rows = found if isinstance(found, list) else found["result"]
    assert any(m["id"] == mail["id"] for m in rows), found
    read = await call(b, "mark_message_read", project_key=PROJECT, agent_name=bob, message_id=mail["id"])
    assert read["read"] is True, read
    ack = await call(b, "acknowledge_message", project_key=PROJECT, agent_name=bob, message_id=mail["id"])
    assert ack["acknowledged"] is True, ack
    answers = await call(a, "fetch_inbox", project_key=PROJECT, agent_name=alice)
    assert any(m["from"] == bob for m in answers), answers

    wrong = await a.call_tool("fetch_inbox", {"project_key": PROJECT, "agent_name": "NobodyHere"})
    assert wrong.isError
    print(f"Python SDK: ok ({alice}, {bob})")


async def main(url):
    async with streamablehttp_client(url) as (r1, w1, _), streamablehttp_client(url) as (r2, w2, _):
        async with ClientSession(r1, w1) as a, ClientSession(r2, w2) as b:
            await a.initialize()
            await b.initialize()
            await talk(a, b)


asyncio.run(main(sys.argv[1]))
