#include "server/store/rocks_event_log.h"
#include "tests/e2e/commune_setup.h"
#include "tests/e2e/stored_log.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace e2e {
namespace {

namespace json = boost::json;

constexpr int exit_not_over = 3;

std::int64_t number(const json::value& object, const char* name) {
  return object.as_object().at(name).to_number<std::int64_t>();
}

/// Two communes with a device each, and a server that dies after its backup.
struct BurnedServer : testing::Test {
  ScratchDirectory scratch;
  CommuneSetup setup{scratch.path()};
  CommandLine second{scratch / "second"};
  std::string second_entrant;
  std::filesystem::path backup = scratch / "backup";
  std::filesystem::path restored = scratch / "restored";
  StoredLog lost;

  void SetUp() override {
    setup.run();
    if (testing::Test::HasFailure()) return;
    enrol_second_commune();
  }

  void enrol_second_commune() {
    const std::filesystem::path file = scratch / "second.csv";
    std::ofstream(file) << "code,name,kind,parent_code,area,valid_from\n"
                           "03317,Xã Nà Nhạn,commune,11,rural,2020-01-01\n"
                           "-bnn,Bản Nà Nhạn,hamlet,03317,rural,2020-01-01\n";
    const CommandLine& admin = setup.admin();
    admin.json({"unit-import", file.string(), "--basis", "NQ 1661"});
    second_entrant =
        admin.record({"officer", "--name", "Cà Thị Ín", "--birth", "1985", "--unit", "03317"});
    admin.record({"grant", "--person", second_entrant, "--role", "proxy_entrant", "--unit", "03317",
                  "--from", "2020-01-01", "--basis", "QĐ 06"});
    const json::value invited = admin.json({"invite", "--person", second_entrant});
    ASSERT_TRUE(invited.is_object());
    admin.json({"sync"});
    const Finished enrolled =
        second.run({"enrol", "--server", setup.server().url(), "--label", "Máy xã Nà Nhạn",
                    "--code", std::string(invited.as_object().at("code").as_string())});
    ASSERT_EQ(enrolled.exit_code(), 0) << enrolled.all();
    second.json({"sync"});
  }

  void register_at_first(const std::string& name) const {
    setup.commune().record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                            "--cycle", "2026", "--group", "farmer_rural", "--name", name, "--birth",
                            "12/03/1990", "--gender", "female", "--hamlet", "Bản Nà Tấu", "--actor",
                            setup.officer("proxy_entrant")});
  }
  void register_at_second(const std::string& name) const {
    second.record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                   "--cycle", "2026", "--group", "farmer_rural", "--name", name, "--birth",
                   "20/11/1988", "--gender", "male", "--hamlet", "Bản Nà Nhạn", "--actor",
                   second_entrant});
  }

  void back_up() {
    const Finished saved = run_program(
        "khuyenhoc-server", {"backup", "--data", scratch / "server", "--to", backup, "--with-key"});
    ASSERT_EQ(saved.exit_code(), 0) << saved.all();
  }

  /// Thirty events of the two communes in turn, acknowledged; then the server's disk is gone.
  void work_and_burn() {
    for (const char* const name : {"Ánh", "Bình", "Chung", "Dung", "Én"}) {
      register_at_first(std::string("Lò Thị ") + name);
      setup.commune().json({"sync"});
      register_at_second(std::string("Quàng Văn ") + name);
      second.json({"sync"});
    }
    setup.commune().json({"sync"});
    EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));
    lost = StoredLog::read(scratch / "server", events::ChainNumber{4});
    ASSERT_EQ(lost.of_device.size(), 15U);
  }

  void restore() {
    const Finished done =
        run_program("khuyenhoc-server", {"restore", "--from", backup, "--data", restored});
    ASSERT_EQ(done.exit_code(), 0) << done.all();
    EXPECT_NE(done.output.find("khuyenhoc-server repair --data"), std::string::npos) << done.output;
  }

  Finished repair(std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"repair", "--data", restored});
    return run_program("khuyenhoc-server", std::move(options));
  }
  json::value repair_report() const {
    const Finished asked = repair({"--json"});
    return asked.output.empty() ? json::value() : json::parse(asked.output);
  }
  static json::value sync(const CommandLine& device, const ServerChild& server) {
    return device.json({"sync", "--server", server.url()});
  }

  /// The root of the stopped server's log where the lost one ended.
  std::string root_where_it_burned() const {
    const auto log = server::RocksEventLog::open_read_only(restored / "log");
    EXPECT_TRUE(log);
    const auto encoded = (*log)->block_at(lost.head.position);
    if (!encoded || !*encoded) return "no such position";
    const auto block = events::decode_stored_block(**encoded);
    return block->last() == lost.head.position ? events::to_hex(block->root_after.bytes) : "inside";
  }
};

// Fault case 14.  The server burns a day after its backup.  Two communes had sent thirty events
// meanwhile, and each sees only its own: the log must be what it was, place by place, and nobody
// types anything again.
TEST_F(BurnedServer, IsRepairedByTheDevicesOfTwoCommunesToTheSameRoot) {
  back_up();
  work_and_burn();
  restore();
  if (testing::Test::HasFailure()) return;
  ServerChild server(restored);
  ASSERT_TRUE(server.listens()) << server.errors();

  register_at_first("Lò Thị Mới");  // Typed while nobody could take it.
  const json::value first = sync(setup.commune(), server);
  EXPECT_TRUE(first.as_object().at("healing").as_bool());
  EXPECT_FALSE(first.as_object().at("synced").as_bool());
  EXPECT_GE(number(first, "given_back_blocks"), 5);
  const Finished said = setup.commune().run({"sync", "--server", server.url()});
  EXPECT_NE(said.output.find("phục hồi từ bản sao lưu"), std::string::npos) << said.all();
  EXPECT_NE(said.output.find("không mất gì"), std::string::npos) << said.all();

  const json::value report = repair_report();
  ASSERT_TRUE(report.is_object());
  EXPECT_TRUE(report.as_object().at("healing").as_bool());
  EXPECT_EQ(number(report, "proved_to"), static_cast<std::int64_t>(lost.head.position.value) - 3)
      << "the last block of this device";
  EXPECT_FALSE(report.as_object().at("missing").as_array().empty());
  const Finished shown = repair();
  EXPECT_EQ(shown.exit_code(), exit_not_over) << shown.all();
  EXPECT_NE(shown.output.find("not yet: chain 4 Máy xã Nà Nhạn"), std::string::npos)
      << shown.output;
  EXPECT_EQ(repair({"--finish"}).exit_code(), exit_not_over) << "acknowledged events are missing";

  EXPECT_TRUE(sync(second, server).as_object().at("healing").as_bool());
  EXPECT_EQ(number(repair_report().as_object().at("head"), "position"),
            static_cast<std::int64_t>(lost.head.position.value));
  const json::value last = sync(setup.admin(), server);
  EXPECT_FALSE(last.as_object().at("healing").as_bool()) << "every device has come: it is over";
  EXPECT_TRUE(last.as_object().at("synced").as_bool());
  EXPECT_EQ(repair().exit_code(), 0);

  const json::value after = sync(setup.commune(), server);
  EXPECT_TRUE(after.as_object().at("synced").as_bool());
  EXPECT_LT(number(after, "events_received"), 5) << "nothing is pulled again";
  EXPECT_TRUE(sync(second, server).as_object().at("synced").as_bool());
  EXPECT_EQ(setup.commune().json({"dossiers"}).as_array().size(), 6U);
  EXPECT_EQ(server.stop(), (Ending{0, 0}));
  EXPECT_EQ(root_where_it_burned(), events::to_hex(lost.head.root.bytes));
  expect_each_once(StoredLog::read(restored, events::ChainNumber{4}));
  expect_audited(restored);
}

// One tablet lies in a drawer for months: the operator goes on without it.  When it comes back,
// what it had sent before goes to new positions, once.
TEST_F(BurnedServer, IsFinishedWithoutADeviceThatPushesAgainLater) {
  back_up();
  work_and_burn();
  restore();
  if (testing::Test::HasFailure()) return;
  ServerChild server(restored);
  ASSERT_TRUE(server.listens()) << server.errors();
  sync(setup.admin(), server);
  sync(setup.commune(), server);
  const Finished refused = repair({"--finish"});
  EXPECT_EQ(refused.exit_code(), exit_not_over);
  EXPECT_NE(refused.errors.find("--give-up"), std::string::npos) << refused.errors;
  const Finished finished = repair({"--finish", "--give-up"});
  EXPECT_EQ(finished.exit_code(), 0) << finished.all();
  EXPECT_NE(finished.output.find("given up"), std::string::npos) << finished.output;

  EXPECT_TRUE(sync(setup.commune(), server).as_object().at("synced").as_bool());
  const json::value late = sync(second, server);
  EXPECT_TRUE(late.as_object().at("synced").as_bool());
  EXPECT_EQ(number(late, "accepted"), 15);
  EXPECT_EQ(second.json({"dossiers"}).as_array().size(), 5U);
  EXPECT_EQ(server.stop(), (Ending{0, 0}));
  const StoredLog log = StoredLog::read(restored, events::ChainNumber{4});
  EXPECT_EQ(log.of_device.size(), 15U);
  expect_each_once(log);
  expect_each_once(StoredLog::read(restored, events::ChainNumber{3}));
  expect_audited(restored);
}

// The power goes once more, in the middle of repair: what the first device gave is kept, and what
// was about to be inserted is inserted by the next start.
TEST_F(BurnedServer, GoesOnRepairingAfterACrash) {
  back_up();
  work_and_burn();
  restore();
  if (testing::Test::HasFailure()) return;
  {
    ServerChild server(restored);
    ASSERT_TRUE(server.listens()) << server.errors();
    sync(setup.commune(), server);
    server.kill9();
    server.wait(std::chrono::seconds{10});
  }
  {
    ServerChild dying(restored, "1:before_sync");
    ASSERT_TRUE(dying.listens()) << dying.errors();
    second.run({"sync", "--server", dying.url()});
    EXPECT_TRUE(dying.wait(std::chrono::seconds{20})) << "it was to die when it inserts";
  }
  ServerChild server(restored);
  ASSERT_TRUE(server.listens()) << server.errors();
  sync(second, server);
  sync(setup.admin(), server);
  EXPECT_EQ(number(sync(setup.commune(), server), "given_back_blocks"), 0) << "it had given";
  EXPECT_EQ(repair().exit_code(), 0);
  EXPECT_EQ(server.stop(), (Ending{0, 0}));
  EXPECT_EQ(root_where_it_burned(), events::to_hex(lost.head.root.bytes));
  expect_audited(restored);
}

// Where only HTTP gets through, a commune's copies are worth as much.
TEST_F(BurnedServer, IsRepairedOverHttp) {
  back_up();
  work_and_burn();
  restore();
  if (testing::Test::HasFailure()) return;
  ServerChild server(restored);
  ASSERT_TRUE(server.listens()) << server.errors();
  const std::array<const CommandLine*, 2> devices{&setup.commune(), &second};
  for (const CommandLine* const device : devices) {
    EXPECT_TRUE(device->json({"sync", "--http", "--server", server.url()})
                    .as_object()
                    .at("healing")
                    .as_bool());
  }
  sync(setup.admin(), server);
  EXPECT_EQ(repair().exit_code(), 0);
  EXPECT_TRUE(
      second.json({"sync", "--http", "--server", server.url()}).as_object().at("synced").as_bool());
  EXPECT_EQ(server.stop(), (Ending{0, 0}));
  EXPECT_EQ(root_where_it_burned(), events::to_hex(lost.head.root.bytes));
}

}  // namespace
}  // namespace e2e
