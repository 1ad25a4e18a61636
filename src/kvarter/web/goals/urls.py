"""Addresses of the work on editions."""

from __future__ import annotations

from django.urls import path

from kvarter.web.goals.views import away, board, editions, goals

_GOAL = "<int:edition>/maal/<int:number>/"

urlpatterns = [
    path("", board.show_board, name="board"),
    path("ny/", editions.new_edition, name="new_edition"),
    path("fravaer/", away.absences, name="absences"),
    path("fravaer/<int:absence>/slut/", away.end, name="end_absence"),
    path("<int:edition>/", editions.edition_page, name="working_edition"),
    path("<int:edition>/goer/", editions.act, name="edition_act"),
    path("<int:edition>/aftalt/", editions.settled, name="edition_settled"),
    path("<int:edition>/udgiv/", editions.publication, name="edition_publication"),
    path("<int:edition>/note/", editions.note, name="edition_note"),
    path("<int:edition>/link/", away.new_link, name="new_link"),
    path("<int:edition>/link/<int:link>/luk/", away.close, name="close_link"),
    path(_GOAL, goals.goal_page, name="goal"),
    path(f"{_GOAL}goer/", goals.act, name="goal_act"),
    path(f"{_GOAL}fordel/", goals.assigned, name="goal_assigned"),
    path(f"{_GOAL}udkast/", goals.accept, name="goal_accept"),
    path(f"{_GOAL}tjek/", goals.check, name="goal_check"),
    path(f"{_GOAL}bemaerk/", goals.remarked, name="goal_remark"),
    path(f"{_GOAL}bemaerk/<int:thread>/slut/", goals.resolved, name="goal_resolve"),
    path(f"{_GOAL}note/", goals.note, name="goal_note"),
    path(f"{_GOAL}historie/", goals.history, name="goal_history"),
    path(f"{_GOAL}historie/<int:revision>/genskab/", goals.restored, name="goal_restore"),
]
