#include "tests/e2e/stored_log.h"

#include "projections/views/all_projections.h"
#include "server/store/rocks_event_log.h"
#include "tests/e2e/child_process.h"

#include <gtest/gtest.h>

namespace e2e {
namespace {

std::vector<projections::Row> report_of(const projections::State& state,
                                        const projections::Views& views) {
  projections::ReportRequest request;
  request.as_of = events::day_of({2099, 12, 31});
  for (const projections::Cycle& cycle : state.rulebook().cycles()) {
    if (cycle.content.title == events::TitleKind::learning_citizen) {
      request.cycles.push_back(cycle.id);
    }
  }
  return projections::report_b01(state, views.statistics, request).rows;
}

}  // namespace

StoredLog StoredLog::read(const std::filesystem::path& data, events::ChainNumber device) {
  StoredLog stored;
  const auto log = server::RocksEventLog::open_read_only(data / "log");
  EXPECT_TRUE(log) << (log ? "" : log.error().message);
  if (!log) return stored;
  stored.head = (*log)->head();

  projections::State state;
  projections::Views views;
  const projections::State::OnEffect follow = views.on_effect();
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  events::Position after;
  while (after < stored.head.position) {
    events::Position scanned;
    const auto bytes = (*log)->next_block(everything, after, &scanned);
    EXPECT_TRUE(bytes && *bytes) << "no block after position " << after.value;
    if (!bytes || !*bytes) return stored;
    const auto block = events::decode_stored_block(**bytes);
    EXPECT_TRUE(block);
    if (!block) return stored;
    const auto stored_events = events::stored_events(*block);
    EXPECT_TRUE(stored_events);
    if (!stored_events) return stored;
    for (const events::StoredEvent& event : *stored_events)
      state.apply(event, block->scope, follow);
    for (std::size_t index = 0; block->chain == device && index < block->entries.size(); ++index) {
      stored.of_device.push_back({events::Position{block->first.value + index},
                                  block->first_seq + index, block->entries[index].canonical,
                                  block->entries[index].verdict});
    }
    after = block->last();
  }
  stored.b01 = report_of(state, views);
  return stored;
}

void expect_each_once(const StoredLog& log) {
  for (std::size_t index = 0; index < log.of_device.size(); ++index) {
    ASSERT_EQ(log.of_device[index].seq, index + 1)
        << "at position " << log.of_device[index].position.value;
  }
}

void expect_audited(const std::filesystem::path& data) {
  const Finished audit = run_program("khuyenhoc-audit", {"verify", "--data", data.string()});
  EXPECT_EQ(audit.exit_code(), 0) << audit.all();
}

}  // namespace e2e
