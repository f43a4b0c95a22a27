"""Who may ask for what: every address that a live installation has, by everybody who may ask."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from bot.settings import load_settings
from bot.store.heard import reviews
from bot.store.heard.reviews import Review
from bot.store.history.slips import SlipWorth
from bot.store.messages.inbox import ChatText
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.actions.counter.slips import make_slip
from handlers.actions.events.making import WrittenEvent, make
from handlers.actions.events.trials import make_trial
from handlers.actions.heard.hearing import Heard, hear
from handlers.actions.recording.actor import Actor
from rules.base import Refusal
from rules.programme.counter import Flag
from tests.handlers.actions.events.occasions import event_at, sitting_at
from tests.handlers.actions.events.trials_tried import trial_at
from tests.handlers.jobs.line import line_on_loopback
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody

SECRET = {"SECRET_KEY": "routes-need-a-secret-key-of-some-length-too"}
LIVE = {
    "LINE_CHANNEL_SECRET": "0" * 32,
    "LINE_CHANNEL_ACCESS_TOKEN": "t" * 100,
    "BASE_URL": "https://club.example.jp",
}
ASKERS = ("nobody", "device", "staff", "elsewhere", "manager", "owner")
#: What comes of asking: the status, or `login` where one is led to sign in. A form is sent with the
#: page's token and nothing else: 400 and 422 are of who may send a better one.
TABLE = """
                                                            nobod devic staff elsew manag owner
GET  /                                                      302   302   302   302   302   302
GET  /card                                                  401   401   401   401   401   401
GET  /card/<token>/                                         404   404   404   404   404   404
GET  /card/badges                                           401   401   401   401   401   401
GET  /card/code                                             401   401   401   401   401   401
GET  /card/colours.css                                      200   200   200   200   200   200
GET  /card/data                                             401   401   401   401   401   401
GET  /card/data/erase                                       401   401   401   401   401   401
GET  /card/data/leave                                       401   401   401   401   401   401
GET  /card/data/letters                                     401   401   401   401   401   401
GET  /card/data/my-data.csv                                 401   401   401   401   401   401
GET  /card/data/my-data.json                                401   401   401   401   401   401
GET  /card/circle                                           401   401   401   401   401   401
GET  /card/events                                           401   401   401   401   401   401
GET  /card/history                                          401   401   401   401   401   401
GET  /card/icon-<int:size>.png                              200   200   200   200   200   200
GET  /card/invitation                                       401   401   401   401   401   401
GET  /card/kept                                             401   401   401   401   401   401
GET  /card/manifest.webmanifest                             200   200   200   200   200   200
GET  /card/me                                               401   401   401   401   401   401
GET  /card/me/birthday                                      401   401   401   401   401   401
GET  /card/me/profile                                       401   401   401   401   401   401
GET  /card/picture.jpg                                      401   401   401   401   401   401
GET  /card/points                                           401   401   401   401   401   401
GET  /card/rewards                                          401   401   401   401   401   401
GET  /card/select                                           401   401   401   401   401   401
GET  /card/state                                            401   401   401   401   401   401
GET  /card/static/<path:filename>                           404   404   404   404   404   404
GET  /card/sw.js                                            200   200   200   200   200   200
GET  /card/tap/<token>/                                     404   404   404   404   404   404
GET  /card/use/<token>/                                     404   404   404   404   404   404
GET  /card/use/<token>/code                                 404   404   404   404   404   404
GET  /card/use/<token>/state                                200   200   200   200   200   200
GET  /healthz                                               200   200   200   200   200   200
GET  /icons/<name>                                          404   404   404   404   404   404
GET  /images/<kind>/<token>.jpg                             404   404   404   404   404   404
GET  /metrics                                               401   401   401   401   401   401
GET  /newsletter/<issue>                                    404   404   404   404   404   404
GET  /newsletter/<issue>/<token>                            303   303   303   303   303   303
GET  /newsletter/<issue>/picture.jpg                        404   404   404   404   404   404
GET  /newsletter/static/<path:filename>                     404   404   404   404   404   404
GET  /owner/                                                login login 403   303   303   303
GET  /owner/backup                                          login login 403   403   403   200
GET  /owner/broadcasts                                      login login 403   403   403   200
GET  /owner/broadcasts/<int:broadcast_id>                   login login 403   403   403   404
GET  /owner/broadcasts/<int:broadcast_id>/edit              login login 403   403   403   404
GET  /owner/broadcasts/new                                  login login 403   403   403   200
GET  /owner/bulks                                           login login 403   403   403   200
GET  /owner/bulks/<int:bulk_id>                             login login 403   403   403   404
GET  /owner/bulks/<int:bulk_id>/members.csv                 login login 403   403   403   404
GET  /owner/codes                                           login login 403   403   403   200
GET  /owner/subscribers                                     login login 403   403   403   200
GET  /owner/codes/<reward>                                  login login 403   403   403   404
GET  /owner/campaigns                                       login login 403   403   403   200
GET  /owner/doctor                                          login login 403   403   403   200
GET  /owner/draft                                           login login 403   403   403   200
GET  /owner/circle                                          login login 403   403   403   200
GET  /owner/circle/<int:trial_id>                           login login 403   403   403   200
GET  /owner/circle/<int:trial_id>/edit                      login login 403   403   403   200
GET  /owner/circle/new                                      login login 403   403   403   200
GET  /owner/events                                          login login 403   200   200   200
GET  /owner/events/<int:event_id>                           login login 403   200   200   200
GET  /owner/events/<int:event_id>/edit                      login login 403   200   200   200
GET  /owner/events/new                                      login login 403   200   200   200
GET  /owner/figures                                         login login 403   200   200   200
GET  /owner/figures/people/<name>                           login login 403   404   404   404
GET  /owner/figures/table.csv                               login login 403   200   200   200
GET  /owner/history                                         login login 403   403   403   200
GET  /owner/journeys                                        login login 403   403   403   200
GET  /owner/journeys/<journey>                              login login 403   403   403   404
GET  /owner/journeys/<journey>/results                      login login 403   403   403   404
GET  /owner/journeys/<journey>/tomorrow                     login login 403   403   403   404
GET  /owner/members                                         login login 403   200   200   200
GET  /owner/members/<card:number>                           login login 403   404   404   404
GET  /owner/members/count                                   login login 403   200   200   200
GET  /owner/newsletter                                      login login 403   403   403   200
GET  /owner/newsletter/<issue>/edit                         login login 403   403   403   404
GET  /owner/newsletter/new                                  login login 403   403   403   200
GET  /owner/programme                                       login login 403   403   403   200
GET  /owner/programme/<section>                             login login 403   403   403   404
GET  /owner/programme/<section>/<entry>                     login login 403   403   403   404
GET  /owner/programme/new/<section>                         login login 403   403   403   404
GET  /owner/quota                                           login login 403   403   403   200
GET  /owner/results                                         login login 403   403   403   200
GET  /owner/results/<journey>/<step>                        login login 403   403   403   404
GET  /owner/segments                                        login login 403   200   200   200
GET  /owner/segments/<int:segment_id>                       login login 403   403   403   404
GET  /owner/segments/<int:segment_id>/count                 login login 403   404   404   404
GET  /owner/setup                                           303   303   303   303   303   303
GET  /owner/setup/after                                     login login 403   403   403   200
GET  /owner/setup/begin                                     303   303   303   303   303   303
GET  /owner/setup/enter                                     303   303   303   303   303   303
GET  /owner/setup/later                                     login login 403   403   403   303
GET  /owner/setup/line                                      303   303   303   303   303   303
GET  /owner/setup/look                                      303   303   303   303   303   303
GET  /owner/setup/open/<token>                              404   404   404   404   404   303
GET  /owner/setup/owner                                     303   303   303   303   303   303
GET  /owner/setup/poster.jpg                                303   303   303   303   303   303
GET  /owner/setup/poster.pdf                                login login 403   403   403   200
GET  /owner/setup/ready                                     204   204   204   204   204   204
GET  /owner/setup/shop                                      303   303   303   303   303   303
GET  /owner/setup/template                                  303   303   303   303   303   303
GET  /owner/static/<path:filename>                          404   404   404   404   404   404
GET  /owner/stores                                          login login 403   200   200   200
GET  /owner/team                                            login login 403   200   200   200
GET  /owner/setup/voice                                     303   303   303   303   303   303
GET  /owner/words                                           login login 403   403   403   200
GET  /owner/words/<key>                                     login login 403   403   403   404
GET  /photos/<name>.jpg                                     404   404   404   404   404   404
GET  /pr/<code>                                             303   303   303   303   303   303
GET  /pr/static/<path:filename>                             404   404   404   404   404   404
GET  /privacy                                               302   302   302   302   302   302
GET  /programme                                             200   200   200   200   200   200
GET  /programme/static/<path:filename>                      404   404   404   404   404   404
GET  /readyz                                                200   200   200   200   200   200
GET  /s/<code>                                              404   404   404   404   404   404
GET  /s/static/<path:filename>                              404   404   404   404   404   404
GET  /staff/                                                login login 200   200   200   200
GET  /staff/account                                         login login 200   200   200   200
GET  /staff/account/two-steps                               login login 200   200   200   200
GET  /staff/api/programme                                   401   401   200   200   200   200
GET  /staff/api/recent                                      401   401   200   200   200   200
GET  /staff/api/session                                     401   401   200   200   200   200
GET  /staff/calls                                           login login 200   200   200   200
GET  /staff/charity                                         login login 403   200   200   200
GET  /staff/colours.css                                     200   200   200   200   200   200
GET  /staff/devices                                         login login 403   200   200   200
GET  /staff/flags                                           login login 403   200   200   200
GET  /staff/icon-<int:size>.png                             200   200   200   200   200   200
GET  /staff/inbox                                           login login 200   200   200   200
GET  /staff/inbox/<card:number>/<int:case>                  login login 200   200   200   200
GET  /staff/inbox/summary                                   login login 403   200   200   200
GET  /staff/join/<token>                                    404   404   404   404   404   404
GET  /staff/labels                                          login login 403   403   403   200
GET  /staff/letters                                         login login 403   403   403   200
GET  /staff/log                                             login login 403   200   200   200
GET  /staff/login                                           200   login 303   303   303   303
GET  /staff/login/code                                      login login login login login login
GET  /staff/manifest.webmanifest                            200   200   200   200   200   200
GET  /staff/members                                         login login 200   200   200   200
GET  /staff/members/<card:number>                           login login 200   200   200   200
GET  /staff/members/<card:number>/card.<any(pdf, png):kind> login login 200   200   200   200
GET  /staff/members/<card:number>/codes                     login login 303   303   303   303
GET  /staff/members/<card:number>/codes.<any(pdf, png):kind> login login 404   404   404   404
GET  /staff/members/<card:number>/merge                     login login 200   200   200   200
GET  /staff/members/<card:number>/transfer                  login login 200   200   200   200
GET  /staff/members/<card:number>/use                       login login 303   303   303   303
GET  /staff/members/new                                     login login 200   200   200   200
GET  /staff/more                                            login login 200   200   200   200
GET  /staff/qr                                              login login 303   303   303   303
GET  /staff/qr/<_token>/                                    404   404   404   404   404   404
GET  /staff/qr/now/                                         404   404   200   200   200   200
GET  /staff/qr/now/code                                     404   404   200   200   200   200
GET  /staff/qr/now/colours.css                              200   200   200   200   200   200
GET  /staff/qr/open/<token>/                                404   404   404   404   404   404
GET  /staff/qr/static/<path:filename>                       404   404   404   404   404   404
GET  /staff/referrals                                       login login 403   200   200   200
GET  /staff/shell/<any(ja, en):lang>                        200   200   200   200   200   200
GET  /staff/slips                                           login login 200   200   200   200
GET  /staff/slips/<code>                                    login login 200   404   200   200
GET  /staff/slips/<code>.<any(pdf, png):kind>               login login 200   404   200   200
GET  /staff/static/<path:filename>                          404   404   404   404   404   404
GET  /staff/sw-sync.js                                      200   200   200   200   200   200
GET  /staff/sw.js                                           200   200   200   200   200   200
GET  /staff/tap                                             login 200   login login login login
GET  /staff/tap/<int:staff_id>                              login login login login login login
GET  /staff/team                                            login login 403   200   200   200
GET  /staff/team/<int:staff_id>                             login login 403   404   200   200
GET  /staff/today                                           login login 200   200   200   200
GET  /staff/today/list                                      login login 200   200   200   200
GET  /staff/v/<version>/<path:name>                         200   200   200   200   200   200
GET  /staff/voices                                          login login 200   200   200   200
GET  /to/<int:broadcast_id>/<token>                         404   404   404   404   404   404
GET  /voices                                                200   200   200   200   200   200
GET  /voices/static/<path:filename>                         404   404   404   404   404   404
POST /callback                                              400   400   400   400   400   400
POST /card/badges/fan-steps                                 401   401   401   401   401   401
POST /card/check-in                                         401   401   401   401   401   401
POST /card/choose                                           401   401   401   401   401   401
POST /card/data/erase                                       401   401   401   401   401   401
POST /card/data/leave                                       401   401   401   401   401   401
POST /card/circle/answer                                    401   401   401   401   401   401
POST /card/circle/leave                                     401   401   401   401   401   401
POST /card/circle/sample                                    401   401   401   401   401   401
POST /card/circle/vote                                      401   401   401   401   401   401
POST /card/events/join                                      401   401   401   401   401   401
POST /card/events/leave                                     401   401   401   401   401   401
POST /card/events/offer                                     401   401   401   401   401   401
POST /card/me/birthday                                      401   401   401   401   401   401
POST /card/me/language                                      401   401   401   401   401   401
POST /card/me/phone                                         401   401   401   401   401   401
POST /card/me/phone/code                                    401   401   401   401   401   401
POST /card/me/phone/gone                                    401   401   401   401   401   401
POST /card/me/profile                                       401   401   401   401   401   401
POST /card/me/sms                                           401   401   401   401   401   401
POST /card/me/topics                                        401   401   401   401   401   401
POST /card/rewards/code                                     401   401   401   401   401   401
POST /card/rewards/give                                     401   401   401   401   401   401
POST /card/select                                           401   401   401   401   401   401
POST /card/session                                          404   404   404   404   404   404
POST /card/sign-out                                         401   401   401   401   401   401
POST /owner/backup                                          login login 403   403   403   303
POST /owner/backup/<name>                                   login login 403   403   403   404
POST /owner/broadcasts/<int:broadcast_id>/choose            login login 403   403   403   404
POST /owner/broadcasts/<int:broadcast_id>/copy              login login 403   403   403   404
POST /owner/broadcasts/<int:broadcast_id>/discard           login login 403   403   403   303
POST /owner/broadcasts/<int:broadcast_id>/edit              login login 403   403   403   422
POST /owner/broadcasts/<int:broadcast_id>/lead              login login 403   403   403   404
POST /owner/broadcasts/<int:broadcast_id>/send              login login 403   403   403   404
POST /owner/broadcasts/<int:broadcast_id>/try               login login 403   403   403   404
POST /owner/broadcasts/look                                 login login 403   403   403   200
POST /owner/broadcasts/new                                  login login 403   403   403   422
POST /owner/codes/<reward>                                  login login 403   403   403   404
POST /owner/codes/<reward>/add                              login login 403   403   403   303
POST /owner/subscribers                                     login login 403   403   403   400
POST /owner/subscribers/keep                                login login 403   403   403   303
POST /owner/circle/<int:trial_id>/edit                      login login 403   403   403   422
POST /owner/circle/<int:trial_id>/outcome                   login login 403   403   403   422
POST /owner/circle/<int:trial_id>/step                      login login 403   403   403   404
POST /owner/circle/new                                      login login 403   403   403   422
POST /owner/campaigns/<campaign>/announce                   login login 403   403   403   409
POST /owner/campaigns/<campaign>/end                        login login 403   403   403   409
POST /owner/campaigns/<campaign>/repeat                     login login 403   403   403   409
POST /owner/doctor                                          login login 403   403   403   200
POST /owner/draft/catch-up                                  login login 403   403   403   409
POST /owner/draft/discard                                   login login 403   403   403   409
POST /owner/draft/publish                                   login login 403   403   403   409
POST /owner/draft/trial                                     login login 403   403   403   200
POST /owner/events/<int:event_id>/edit                      login login 403   422   422   422
POST /owner/events/<int:event_id>/step                      login login 403   404   404   404
POST /owner/events/look                                     login login 403   200   200   200
POST /owner/events/new                                      login login 403   422   422   422
POST /owner/history/<int:number>/back                       login login 403   403   403   404
POST /owner/history/withdraw                                login login 403   403   403   409
POST /owner/journeys/<journey>/switch                       login login 403   403   403   409
POST /owner/members                                         login login 403   303   303   303
POST /owner/members/bulk                                    login login 403   403   403   404
POST /owner/members/bulk/begin                              login login 403   403   403   404
POST /owner/newsletter/<issue>/edit                         login login 403   403   403   404
POST /owner/newsletter/<issue>/send                         login login 403   403   403   409
POST /owner/newsletter/<issue>/stop                         login login 403   403   403   409
POST /owner/newsletter/<issue>/try                          login login 403   403   403   409
POST /owner/newsletter/new                                  login login 403   403   403   422
POST /owner/programme/<section>                             login login 403   403   403   404
POST /owner/programme/<section>/<entry>                     login login 403   403   403   404
POST /owner/programme/look/<section>                        login login 403   403   403   404
POST /owner/programme/new/<section>                         login login 403   403   403   404
POST /owner/programme/next                                  login login 403   403   403   303
POST /owner/programme/next/later                            login login 403   403   403   303
POST /owner/programme/order/<section>                       login login 403   403   403   404
POST /owner/results/<journey>/<step>                        login login 403   403   403   404
POST /owner/results/<journey>/version                       login login 403   403   403   409
POST /owner/segments/<int:segment_id>                       login login 403   403   403   409
POST /owner/segments/<int:segment_id>/drop                  login login 403   403   403   303
POST /owner/segments/new                                    login login 403   403   403   409
POST /owner/setup                                           login login 403   403   403   409
POST /owner/setup/after/line                                login login 403   403   403   303
POST /owner/setup/begin                                     303   303   303   303   303   303
POST /owner/setup/enter                                     303   303   303   303   303   303
POST /owner/setup/later                                     login login 403   403   403   303
POST /owner/setup/line                                      303   303   303   303   303   303
POST /owner/setup/look                                      303   303   303   303   303   303
POST /owner/setup/open/<token>                              409   409   409   409   409   409
POST /owner/setup/owner                                     303   303   303   303   303   303
POST /owner/setup/seen/<step>                               303   303   303   303   303   303
POST /owner/setup/shop                                      303   303   303   303   303   303
POST /owner/setup/template                                  303   303   303   303   303   303
POST /owner/setup/voice                                     303   303   303   303   303   303
POST /owner/words/<key>                                     login login 403   403   403   404
POST /owner/words/<key>/look                                login login 403   403   403   404
POST /owner/stores/close                                    login login 403   409   409   409
POST /owner/stores/open                                     login login 403   409   409   409
POST /pr/<code>/seen                                        404   404   404   404   404   404
POST /s/<code>                                              404   404   404   404   404   404
POST /staff/account/browsers                                login login 303   303   303   303
POST /staff/account/name                                    login login 200   200   200   200
POST /staff/account/password                                login login 422   422   422   422
POST /staff/account/pin                                     login login 422   422   422   422
POST /staff/account/sessions                                login login 303   303   303   303
POST /staff/account/two-steps/app                           login login 422   422   422   422
POST /staff/account/two-steps/codes                         login login 422   422   422   422
POST /staff/account/two-steps/off                           login login 422   422   422   422
POST /staff/account/two-steps/on                            login login 422   422   422   422
POST /staff/api/add                                         401   401   400   400   400   400
POST /staff/api/members                                     401   401   200   200   200   200
POST /staff/api/perk                                        401   401   400   400   400   400
POST /staff/api/redeem                                      401   401   400   400   400   400
POST /staff/api/scan                                        401   401   400   400   400   400
POST /staff/api/switch                                      401   401   400   400   400   400
POST /staff/api/sync                                        401   401   400   400   400   400
POST /staff/api/undo                                        401   401   400   400   400   400
POST /staff/calls/<card:number>                             login login 303   303   303   303
POST /staff/cards/sheet.pdf                                 login login 404   404   404   404
POST /staff/charity                                         login login 403   303   303   303
POST /staff/charity/<int:number>/back                       login login 403   303   303   303
POST /staff/devices                                         login login 403   422   422   422
POST /staff/devices/<int:device_id>/pin                     login login 403   403   403   303
POST /staff/devices/<int:device_id>/revoke                  login login 403   422   303   422
POST /staff/flags/<int:flag_id>/seen                        login login 403   303   303   303
POST /staff/inbox/<card:number>/<int:case>                  login login 409   409   409   409
POST /staff/inbox/<card:number>/<int:case>/adopt/<int:letter_id> login login 303   303   303   303
POST /staff/inbox/<card:number>/<int:case>/assigned         login login 303   303   303   303
POST /staff/inbox/<card:number>/<int:case>/contact          login login 404   404   404   404
POST /staff/join/<token>                                    404   404   404   404   404   404
POST /staff/labels                                          login login 403   403   403   303
POST /staff/letters/labels.pdf                              login login 403   403   403   404
POST /staff/letters/list.csv                                login login 403   403   403   404
POST /staff/letters/posted                                  login login 403   403   403   404
POST /staff/language                                        303   303   303   303   303   303
POST /staff/log                                             login login 403   303   303   303
POST /staff/login                                           401   401   401   401   401   401
POST /staff/login/code                                      login login login login login login
POST /staff/logout                                          login login login login login login
POST /staff/members                                         login login 303   303   303   303
POST /staff/members/<card:number>/adjust                    login login 403   303   303   303
POST /staff/members/<card:number>/apart                     login login 303   303   303   303
POST /staff/members/<card:number>/birthday                  login login 303   303   303   303
POST /staff/members/<card:number>/code                      login login 200   200   200   200
POST /staff/members/<card:number>/contact                   login login 404   404   404   404
POST /staff/members/<card:number>/circle                    login login 404   404   404   404
POST /staff/members/<card:number>/event                     login login 404   404   404   404
POST /staff/members/<card:number>/fan-steps                 login login 303   303   303   303
POST /staff/members/<card:number>/membership                login login 400   400   400   400
POST /staff/members/<card:number>/merge                     login login 303   303   303   303
POST /staff/members/<card:number>/merge/look                login login 303   303   303   303
POST /staff/members/<card:number>/perk                      login login 303   303   303   303
POST /staff/members/<card:number>/subscription              login login 400   400   400   400
POST /staff/members/<card:number>/profile                   login login 303   303   303   303
POST /staff/members/<card:number>/receipt                   login login 303   303   303   303
POST /staff/members/<card:number>/reissue                   login login 303   303   303   303
POST /staff/members/<card:number>/return                    login login 303   303   303   303
POST /staff/members/<card:number>/slip                      login login 303   303   303   303
POST /staff/members/<card:number>/sms                       login login 303   303   303   303
POST /staff/members/<card:number>/trial                     login login 303   303   303   303
POST /staff/members/<card:number>/told                      login login 303   303   303   303
POST /staff/members/<card:number>/transfer                  login login 303   303   303   303
POST /staff/members/<card:number>/undo                      login login 403   303   303   303
POST /staff/members/<card:number>/use                       login login 303   303   303   303
POST /staff/members/<card:number>/visit                     login login 303   303   303   303
POST /staff/members/<card:number>/way                       login login 404   404   404   404
POST /staff/members/new                                     login login 400   400   400   400
POST /staff/referrals/thanks                                login login 403   404   404   404
POST /staff/slips                                           login login 303   303   303   303
POST /staff/slips/<code>/cancel                             login login 303   404   303   303
POST /staff/store                                           login login 303   303   303   303
POST /staff/tap                                             login login login login login login
POST /staff/tap/<int:staff_id>                              login login login login login login
POST /staff/team                                            login login 403   422   422   422
POST /staff/team/<int:staff_id>/<what>                      login login 403   404   422   422
POST /staff/today/praise                                    login login 303   303   303   303
POST /staff/voices/<card:number>/<int:n>/confirm            login login 303   303   303   303
POST /staff/voices/<card:number>/<int:n>/put-back           login login 403   303   303   303
POST /staff/voices/<card:number>/<int:n>/take-down          login login 303   303   303   303
"""
#: By whom these are sent their own address says, which is signed; no cookie does.
BY_LINK = ("/pr/<code>/seen", "/s/<code>")
#: And these LINE says, whom we ask about what is sent.
BY_LINE = ("/card/session",)
#: After these nobody is signed in.
ENDS = ("/staff/logout",)


def app_of(desks: Desks, tmp_path: Path, **more: str) -> Flask:
    """The whole application, on the club's database."""
    url = desks.club.store.url.render_as_string(hide_password=False)
    settings = load_settings({**SECRET, "DATABASE_URL": url, **more})
    return create_app(settings, simulator_file=tmp_path / "simulator.sqlite3")


def routes(app: Flask) -> list[tuple[str, str]]:
    """Each method of each address, as they are written: what is asked first, then what is done,
    and what ends it all last."""
    found = [
        (method, str(rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda each: (each[0], each[1] in ENDS, each[1]))


@pytest.fixture
def live(desks: Desks, tmp_path: Path) -> Iterator[Desks]:
    """The pages as a live installation has them."""
    with line_on_loopback() as line:
        app = app_of(desks, tmp_path, **LIVE, LINE_API_BASE=line.url)
        app.testing = True
        app.config["PREFERRED_URL_SCHEME"] = "https"
        yield Desks(app.extensions["kayoi"].club, app, desks.wall)


def things(desks: Desks) -> Callable[[str], str]:
    """Fills an address in with what there is at the first store."""
    club, now = desks.club, desks.club.now()
    hana = desks.hires("hana")
    number = somebody(desks, "U1", "山田さくら", visits=1)
    desk = Actor(hana.id, hana.name, hana.role, "ekimae")
    with club.work(desk, key="test:slip") as work:
        slip = make_slip(work, SlipWorth(visit=True, yen=0), at=now)
        assert not isinstance(slip, Refusal)
        heard = Heard(1, ChatText("?", "U1", now), "message", "question")
        hear(work.under("k"), heard)
        seen = Sighting(now, work.day, "ekimae", hana.id, None)
        reviews.put(work.uow, Review(1, 1, 5, "おいしかった", now, work.day, "waiting"))
        flags.add(work.uow, [Flag("burst", "k", details={"count": 9})], seen)
    boss = Actor(hana.id, hana.name, "owner", "ekimae")
    with club.work(boss, key="test:event") as work:
        make(work, WrittenEvent(event_at(now), (sitting_at(now),)))
        make_trial(work, trial_at(now))
    known = {
        "number": number, "staff_id": str(hana.id), "device_id": "2", "letter_id": "1", "n": "1",
        "case": "1", "event_id": "1", "trial_id": "1", "broadcast_id": "9", "segment_id": "9",
        "bulk_id": "9", "flag_id": "1", "what": "place", "size": "192", "kind": "png", "lang": "ja",
        "version": "0", "path": "staff.css", "filename": "nothing.css", "name": "staff.css",
    }  # fmt: skip

    def fill(path: str) -> str:
        code = slip.code if "/slips/" in path else "nothing"
        # A card's number, but where it counts something.
        counted = {"number": "9"} if "<int:number>" in path else {}
        values = {**known, **counted, "code": code}
        return re.sub(r"<(?:[^:>]*:)?(\w+)>", lambda part: values.get(part[1], "nothing"), path)

    return fill


def askers(desks: Desks) -> dict[str, Browser]:
    stranger, device, _ = desks.browser(), desks.device(), desks.device(name="2")
    stranger.get("/staff/login")
    device.get("/staff/tap")
    return {
        "nobody": stranger,
        "device": device,
        "staff": desks.signed_in("midori"),
        "elsewhere": desks.signed_in("kawabe", "manager", "kawabe"),
        "manager": desks.signed_in("tencho", "manager"),
        "owner": desks.signed_in("owner", "owner", None),
    }


def outcome(browser: Browser, method: str, path: str) -> str:
    """What comes of asking, in a word: the status, or `login` for being led there."""
    address = browser.address(path)
    ask = browser.client.get if method == "GET" else browser.post
    with ask(address) as answer:
        to = answer.location or ""
        return "login" if to.startswith(("/staff/login", "/staff/tap")) else str(answer.status_code)


def row(method: str, path: str, outcomes: list[str]) -> str:
    """A row as it stands in the table."""
    return f"{method:4} {path:54} {' '.join(f'{each:5}' for each in outcomes)}".rstrip()


def test_every_address_lets_in_whom_its_row_says(live: Desks) -> None:
    fill, people = things(live), askers(live)
    found = [
        row(method, path, [outcome(people[who], method, fill(path)) for who in ASKERS])
        for method, path in routes(live.app)
    ]
    written = TABLE.strip("\n").splitlines()[1:]
    # One without a row lets in nobody knows whom: it needs one, above.
    lacking, gone = set(found) - set(written), set(written) - set(found)
    assert not lacking, "\n".join(["these come, each as it is now:", *sorted(lacking)])
    assert not gone, "\n".join(["of these there are none:", *sorted(gone)])


def test_no_form_is_taken_by_a_cookie_alone(live: Desks) -> None:
    fill, owner = things(live), live.signed_in("owner", "owner", None)
    for method, path in routes(live.app):
        if method == "GET":
            continue
        answer = owner.client.post(owner.address(fill(path)))
        # A member's page asks first whose it is.
        refused = 404 if path in BY_LINK + BY_LINE else 401 if path.startswith("/card/") else 400
        assert (method, answer.status_code) == ("POST", refused), path


def test_what_plays_line_takes_nothing_from_a_stranger(desks: Desks, tmp_path: Path) -> None:
    app = app_of(desks, tmp_path)
    stranger = app.test_client()
    acts = [(method, path) for method, path in routes(app) if path.startswith("/simulator/")]
    assert len(acts) > 50
    for method, path in acts:
        if method == "GET" and not path.startswith("/simulator/api/"):
            continue
        # LINE, too, tells anybody whose an ID token is, who has it; and of a channel, who has its
        # token or its secret.
        if path.startswith("/simulator/api/oauth2/") or path == "/simulator/api/v2/oauth/verify":
            continue
        answer = stranger.open(re.sub(r"<[^>]*>", "1", path), method=method, json={})
        assert answer.status_code in (401, 403), (method, path)
