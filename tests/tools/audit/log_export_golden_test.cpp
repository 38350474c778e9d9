#include "tests/support/event_builders.h"
#include "tests/support/example_session.h"
#include "tests/support/golden.h"
#include "tools/audit/log_export_writer.h"

#include <gtest/gtest.h>

namespace audit {
namespace {

// An auditor opens in ten years what is exported today.
TEST(LogExportGolden, KeepsItsBytes) {
  const test_support::ExampleSession session = test_support::example_session();
  MemorySink sink;
  LogExportWriter writer(sink);
  ASSERT_TRUE(writer.write(LogExportHeader{
      session.own.log, session.own.epoch, "titles.example/default", session.own.last(),
      session.own.root_after, test_support::a_key(1).public_key()}));
  ASSERT_TRUE(writer.write(LogExportCheckpoint{"state", 1, session.own.last(), {}}));
  ASSERT_TRUE(writer.write_block(events::encode_stored_block(session.founding)));
  ASSERT_TRUE(writer.write_block(events::encode_stored_block(session.own)));
  ASSERT_TRUE(writer.finish());
  test_support::expect_golden("log_export/session.hex", sink.bytes());
}

}  // namespace
}  // namespace audit
