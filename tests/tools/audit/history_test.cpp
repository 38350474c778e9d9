#include "tools/audit/history.h"

#include "tests/tools/audit/audited_log.h"
#include "tools/audit/history_output.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace audit {
namespace {

using namespace events;

LogReader reader_of_life() {
  return [](const BlockVisitor& visit) {
    const MemoryEventLog log = log_of(blocks_of(acts_of(a_dossier_life().world)));
    return read_blocks(log, visit);
  };
}

DossierHistory history_of_life() {
  const Result<DossierHistory> history = history_of(a_dossier_life().dossier, reader_of_life());
  EXPECT_TRUE(history);
  return history ? *history : DossierHistory{};
}

const HistoryEntry& entry_at(const DossierHistory& history, Position position) {
  const auto found = std::ranges::find_if(history.entries, [&](const HistoryEntry& entry) {
    return entry.stored.position == position;
  });
  EXPECT_NE(found, history.entries.end());
  return *found;
}

template <class Kind>
const HistoryEntry* entry_of(const DossierHistory& history) {
  for (const HistoryEntry& entry : history.entries) {
    if (std::holds_alternative<Kind>(entry.stored.event.payload)) return &entry;
  }
  return nullptr;
}

// An act that is missing from the history is an act nobody answers for.
TEST(History, TellsEveryActOnTheWayToATitle) {
  const DossierHistory history = history_of_life();
  std::vector<std::string> kinds;
  for (const HistoryEntry& entry : history.entries) {
    kinds.emplace_back(event_name(entry.stored.event.header.type));
  }
  for (const char* const kind :
       {"DossierOpened", "DossierRegistered", "RegistrationAccepted", "EvidenceSighted",
        "SelfAssessmentRecorded", "HoldReleased", "ReviewHeld", "DossierReviewed", "ListSubmitted",
        "DossierSubmitted", "DossierAppraised", "DecisionIssued", "TitleGranted"}) {
    EXPECT_NE(std::ranges::find(kinds, kind), kinds.end()) << kind;
  }
  EXPECT_EQ(history.home_unit, "Bản Xôm");
  ASSERT_TRUE(history.dossier);
  EXPECT_EQ(history.dossier->state, DossierState::recognized);
  const auto effect = [](const HistoryEntry& entry) {
    return entry.effect.value == 0 ? entry.stored.position : entry.effect;
  };
  EXPECT_TRUE(std::ranges::is_sorted(history.entries, {}, effect));
}

// Who signed, in which role, under which number: the questions of every complaint.
TEST(History, SaysWhoGrantedTheTitleAndUnderWhichDecision) {
  const DossierHistory history = history_of_life();
  const HistoryEntry* const granted = entry_of<TitleGranted>(history);
  ASSERT_NE(granted, nullptr);
  const test_support::CommuneWorld& place = a_dossier_life().world.commune(0);
  EXPECT_EQ(granted->author.person, place.signer.person);
  EXPECT_EQ(granted->author.role, Role::signer);
  EXPECT_EQ(granted->author.unit_name, "Xã Nà Tấu");
  EXPECT_EQ(granted->author.device, "Máy tính của xã");
  ASSERT_EQ(granted->sources.size(), 1U);
  EXPECT_EQ(granted->sources[0].number, "01/QĐ-UBND");
}

// A decision is judged by what was known then, not by what came out later.
TEST(History, TellsWhichEvidenceWasKnownAtEachMoment) {
  const DossierLife& life = a_dossier_life();
  const DossierHistory history = history_of_life();
  EXPECT_TRUE(entry_of<DossierOpened>(history)->evidence.empty());
  const HistoryEntry* const appraised = entry_of<DossierAppraised>(history);
  ASSERT_NE(appraised, nullptr);
  ASSERT_EQ(appraised->evidence.size(), 1U);
  EXPECT_EQ(appraised->evidence[0].position, life.evidence);
  EXPECT_TRUE(appraised->evidence[0].known_to_author);
  ASSERT_TRUE(appraised->sheet);
  EXPECT_TRUE(appraised->sheet->passes);
  EXPECT_FALSE(appraised->sheet->rules.empty());
}

// A held act and its release are one story; half of it accuses the wrong person.
TEST(History, TellsWhatBecameOfHeldActs) {
  const DossierLife& life = a_dossier_life();
  const DossierHistory history = history_of_life();
  const HistoryEntry& conflicting = entry_at(history, life.conflicting);
  EXPECT_EQ(conflicting.stored.verdict.code, VerdictCode::held);
  ASSERT_EQ(conflicting.later.size(), 1U);
  EXPECT_EQ(conflicting.later[0].kind, "HoldReleased");
  EXPECT_EQ(conflicting.later[0].actor, life.world.commune(0).clerk.person);
  EXPECT_EQ(conflicting.effect, conflicting.later[0].position);
  const HistoryEntry& dependent = entry_at(history, life.dependent);
  ASSERT_FALSE(dependent.later.empty());
  EXPECT_TRUE(dependent.later[0].actor.is_none());
}

// The texts are what auditors read; the JSON is what their programs read.
TEST(History, IsWrittenForPeopleAndForPrograms) {
  const DossierHistory history = history_of_life();
  const std::string text = history_text(history, {});
  for (const char* const part : {"Dossier (hồ sơ)", "TitleGranted", "business day 2021-",
                                 "number 01/QĐ-UBND", "received 2021-", "HoldReleased by person"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  const std::string json = history_json(history, {});
  EXPECT_NE(json.find("\"kind\":\"TitleGranted\""), std::string::npos);
  EXPECT_EQ(std::ranges::count(json, '\n'), 1);
}

TEST(History, ListsAllDossiersAndRefusesUnknownOnes) {
  const Result<std::vector<DossierLine>> dossiers = list_dossiers(reader_of_life());
  ASSERT_TRUE(dossiers);
  ASSERT_EQ(dossiers->size(), 1U);
  EXPECT_EQ(dossiers->front().id, a_dossier_life().dossier);
  const Result<DossierHistory> unknown =
      history_of(DossierId{{ChainNumber{99}, 1}}, reader_of_life());
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace audit
