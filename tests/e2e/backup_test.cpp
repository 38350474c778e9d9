#include "tests/e2e/commune_setup.h"
#include "tests/e2e/corpus_device.h"
#include "tests/e2e/stored_log.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace e2e {
namespace {

namespace json = boost::json;

void register_citizen(const CommuneSetup& setup, const std::string& name) {
  setup.commune().record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                          "--cycle", "2026", "--group", "farmer_rural", "--name", name, "--birth",
                          "12/03/1990", "--gender", "female", "--hamlet", "Bản Nà Tấu", "--actor",
                          setup.officer("proxy_entrant")});
}

std::size_t dossiers_on(const CommandLine& device) {
  const json::value listing = device.json({"dossiers"});
  return listing.is_array() ? listing.as_array().size() : 0;
}

std::int64_t accepted(const json::value& sync) {
  if (!sync.is_object() || !sync.as_object().at("synced").as_bool()) return -1;
  return sync.as_object().at("accepted").to_number<std::int64_t>();
}

// The server's disk dies on the day after the backup, and nobody waits for the devices: what the
// communes had sent in between is on them, and nobody has to type it again.
TEST(Backup, EventsAcknowledgedAfterItComeBackFromTheirDevice) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  if (testing::Test::HasFailure()) return;
  register_citizen(setup, "Lò Thị Ánh");
  setup.commune().json({"sync"});

  const std::filesystem::path backup = scratch / "backup";
  const Finished saved = run_program(
      "khuyenhoc-server", {"backup", "--data", scratch / "server", "--to", backup, "--with-key"});
  ASSERT_EQ(saved.exit_code(), 0) << saved.all();
  EXPECT_NE(saved.output.find("saved and whole: position "), std::string::npos);

  register_citizen(setup, "Quàng Văn Tuấn");
  const std::int64_t before = accepted(setup.commune().json({"sync"}));
  ASSERT_GT(before, 0);
  const json::value receipts = setup.commune().json({"receipts"});
  ASSERT_EQ(receipts.as_array().size(), 1U);
  EXPECT_EQ(receipts.as_array()[0].as_object().at("upto_seq").to_number<std::int64_t>(), before);
  EXPECT_EQ(setup.server().stop(), (Ending{0, 0}));

  const Finished restored = run_program(
      "khuyenhoc-server", {"restore", "--from", backup, "--data", scratch / "restored"});
  ASSERT_EQ(restored.exit_code(), 0) << restored.all();
  EXPECT_NE(restored.output.find("epoch 2, position "), std::string::npos) << restored.output;
  ServerChild server(scratch / "restored");
  ASSERT_TRUE(server.listens()) << server.errors();
  const Finished finished =
      run_program("khuyenhoc-server", {"heal", "--data", scratch / "restored", "--finish"});
  ASSERT_EQ(finished.exit_code(), 0) << finished.all();
  EXPECT_EQ(accepted(setup.commune().json({"sync", "--server", server.url()})), before);
  EXPECT_EQ(dossiers_on(setup.commune()), 2U);
  setup.admin().json({"sync", "--server", server.url()});
  EXPECT_EQ(dossiers_on(setup.admin()), 2U);
  EXPECT_EQ(setup.commune().json({"receipts"}).as_array().size(), 2U) << "one of each epoch";
  EXPECT_EQ(server.stop(), (Ending{0, 0}));
  expect_audited(scratch / "restored");
}

// An operator makes the backup of a server that does not come up any more, too.
TEST(Backup, OfAStoppedServerAndWrongUseSayWhatTheyAre) {
  const ScratchDirectory scratch;
  const auto backup = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "backup");
    return run_program("khuyenhoc-server", std::move(arguments));
  };
  const Finished nothing = backup({"--data", scratch / "none", "--to", scratch / "backup"});
  EXPECT_EQ(nothing.exit_code(), 1) << nothing.all();
  EXPECT_NE(nothing.errors.find("not_found"), std::string::npos) << nothing.errors;
  EXPECT_FALSE(std::filesystem::exists(scratch / "none")) << "nothing is made in passing";
  EXPECT_EQ(backup({"--data", scratch / "none"}).exit_code(), 2);
  const Finished help = backup({"--help"});
  EXPECT_EQ(help.exit_code(), 0);
  EXPECT_NE(help.output.find("Examples:"), std::string::npos);

  const CorpusDevice device(scratch / "server");
  const Finished saved = backup({"--data", scratch / "server", "--to", scratch / "backup"});
  EXPECT_EQ(saved.exit_code(), 0) << saved.all();
  const Finished again = backup({"--data", scratch / "server", "--to", scratch / "backup"});
  EXPECT_EQ(again.exit_code(), 2) << again.all();
  const Finished unfit = run_program(
      "khuyenhoc-server", {"restore", "--from", scratch / "backup", "--data", scratch / "server"});
  EXPECT_EQ(unfit.exit_code(), 2) << unfit.all();
}

}  // namespace
}  // namespace e2e
