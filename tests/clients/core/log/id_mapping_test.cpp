#include "clients/core/log/id_mapping.h"

#include "events/archive/compact.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <set>

namespace clients_test {
namespace {

using namespace events;

/// All ids that a payload names, in order.
std::vector<EventId> ids_in(Payload payload) {
  std::vector<EventId> found;
  clients::map_ids(payload, [&](const EventId& id) {
    found.push_back(id);
    return id;
  });
  return found;
}

Bytes canonical(const Payload& payload) { return test_support::an_event(payload, 70).canonical; }

// A dossier that still named its subject by the chain that was left would be about nobody.
TEST(IdMapping, ReachesIdsInListsOptionsAndNestedParts) {
  ListSubmitted list;
  list.issuer = OrganisationId{EventId{ChainNumber{2}, 5}};
  list.dossiers = {DossierId{EventId{ChainNumber{7}, 3}}, DossierId{EventId{ChainNumber{7}, 4}}};
  const std::vector<EventId> named = ids_in(list);
  const std::set<EventId> ids(named.begin(), named.end());
  EXPECT_TRUE(ids.contains(list.issuer.event));
  EXPECT_TRUE(ids.contains(list.dossiers[0].event));
  EXPECT_TRUE(ids.contains(list.dossiers[1].event));

  DossierOpened opened = test_support::a_dossier();
  ASSERT_FALSE(opened.subject.id.is_none());
  const EventId subject = opened.subject.id;
  Payload payload = opened;
  const EventId moved{ChainNumber{9}, 44};
  clients::map_ids(payload, [&](const EventId& id) { return id == subject ? moved : id; });
  EXPECT_EQ(std::get<DossierOpened>(payload).subject.id, moved);
  EXPECT_EQ(std::get<DossierOpened>(payload).cycle, opened.cycle);
}

// Digests, names, days and scores must come through as they were typed.
TEST(IdMapping, TouchesNothingElseInAnyKindOfEvent) {
  for (const Payload& before : test_support::one_of_each_kind()) {
    Payload same = before;
    clients::map_ids(same, [](const EventId& id) { return id; });
    EXPECT_EQ(canonical(same), canonical(before));
    Payload there = before;
    const auto next = [](const EventId& id) { return EventId{id.chain(), id.seq() + 1000}; };
    const auto back = [](const EventId& id) { return EventId{id.chain(), id.seq() - 1000}; };
    clients::map_ids(there, next);
    EXPECT_EQ(canonical(there) == canonical(before), ids_in(before).empty());
    clients::map_ids(there, back);
    EXPECT_EQ(canonical(there), canonical(before));
  }
}

// "None" means the whole log or nobody; it must not become somebody.
TEST(IdMapping, LeavesNoneAlone) {
  RoleGranted grant;
  grant.person = PersonId{EventId{ChainNumber{7}, 1}};
  Payload payload = grant;
  clients::map_ids(payload, [](const EventId&) { return EventId{ChainNumber{9}, 9}; });
  EXPECT_TRUE(std::get<RoleGranted>(payload).unit.is_none());
}

// What a newer program wrote may name a person by their old id, in a field that nobody here reads.
TEST(IdMapping, DoesNotTouchWhatANewerProgramWrote) {
  const Event whole = test_support::an_event(test_support::a_dossier(), 70);
  const auto next = [](const EventId& id) { return EventId{id.chain(), id.seq() + 1000}; };
  const Result<Payload> mapped = clients::payload_with_new_ids(whole, next);
  ASSERT_TRUE(mapped);
  EXPECT_EQ(ids_in(*mapped).size(), ids_in(whole.payload).size());
  EXPECT_NE(ids_in(*mapped), ids_in(whole.payload));

  const Event newer = test_support::in_newer_schema(whole, 2, test_support::from_hex("0703"));
  const Result<Payload> opaque = clients::payload_with_new_ids(newer, next);
  ASSERT_FALSE(opaque);
  EXPECT_EQ(opaque.error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace clients_test
