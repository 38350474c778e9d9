#include "tests/e2e/commune_setup.h"
#include "tests/e2e/stored_log.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <string>

namespace e2e {
namespace {

// A device was revoked and said that it destroyed its names: an event that the
// server writes.  The auditor called such a log forged for ever, while the
// backup called it verified.
TEST(AuditedBackup, BothSayVerifiedAfterARevokedDeviceHasPurged) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  if (testing::Test::HasFailure()) return;
  setup.commune().record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                          "--cycle", "2026", "--group", "farmer_rural", "--name", "Lò Thị Ánh",
                          "--birth", "12/03/1990", "--gender", "female", "--hamlet", "Bản Nà Tấu",
                          "--actor", setup.officer("proxy_entrant")});
  setup.commune().json({"sync"});
  setup.admin().json({"sync"});
  const auto devices = setup.admin().json({"devices"});
  ASSERT_TRUE(devices.is_array());
  const std::string lost(devices.as_array().back().as_object().at("id").as_string());
  setup.admin().record({"device-revoke", lost, "--reason", "mất máy", "--yes"});
  setup.admin().json({"sync"});
  const Finished last = setup.commune().run({"sync"});

  const auto backup = scratch / "backup";
  const Finished saved = run_program(
      "khuyenhoc-server", {"backup", "--data", scratch / "server", "--to", backup, "--with-key"});
  EXPECT_EQ(saved.exit_code(), 0) << saved.all();
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));
  expect_audited(scratch / "server");
  expect_audited(backup);
  const StoredLog log = StoredLog::read(scratch / "server", events::system_chain);
  bool has_purged = false;
  for (const StoredRow& row : log.of_device) {
    const auto header = events::read_event_header(row.canonical);
    has_purged |=
        header && header->type == static_cast<std::uint16_t>(events::EventType::scope_purged);
  }
  EXPECT_TRUE(has_purged) << "the device destroyed what it held, and the log says so\n"
                          << last.all();
}

}  // namespace
}  // namespace e2e
