#include "tests/e2e/commune_setup.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace e2e {
namespace {

namespace json = boost::json;

std::int64_t number(const json::value& object, const char* key) {
  return object.is_object() ? object.as_object().at(key).to_number<std::int64_t>() : -1;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A stick that goes between a commune without a line and a carrier's machine with one.
class Stick {
 public:
  Stick(CommuneSetup& setup, const std::filesystem::path& directory)
      : setup_(setup), directory_(directory) {}

  std::filesystem::path bundle() const { return directory_ / "xa.csb"; }
  std::filesystem::path answer() const { return directory_ / "xa.tra-loi.csb"; }

  json::value fill() const {
    return setup_.commune().json({"bundle", "export", "--force", "--to", bundle().string()});
  }
  /// The carrier has no device: no --home.
  Finished deliver() const {
    return run_program("khuyenhoc",
                       {"bundle", "deliver", bundle().string(), "--server", setup_.server().url(),
                        "--force", "--return", answer().string()});
  }
  json::value empty() const {
    return setup_.commune().json({"bundle", "import", answer().string()});
  }

 private:
  CommuneSetup& setup_;
  std::filesystem::path directory_;
};

void register_citizen(const CommuneSetup& setup, const std::string& name) {
  setup.commune().record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                          "--cycle", "2026", "--group", "farmer_rural", "--name", name, "--birth",
                          "12/03/1990", "--gender", "female", "--hamlet", "Bản Nà Tấu", "--actor",
                          setup.officer("proxy_entrant")});
}

// A hamlet in the mountains has no line for a season.  By sticks alone its work must become
// official, and its officers must see so.
TEST(BundleProgram, ADeviceThatNeverConnectsAgainWorksByBundlesAlone) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(HasFailure());
  const CommandLine& commune = setup.commune();
  const Stick stick(setup, scratch.path());

  register_citizen(setup, "Lò Thị Ánh");
  const json::value before = commune.json({"status"});
  const std::int64_t own_events = number(before, "own_events");
  ASSERT_GT(number(before, "device_only"), 0);
  EXPECT_EQ(number(stick.fill(), "last_seq"), own_events);
  EXPECT_EQ(text_of(stick.bundle()).find("Lò Thị Ánh"), std::string::npos) << "sealed";

  const Finished looked = run_program("khuyenhoc", {"bundle", "inspect", stick.bundle().string()});
  EXPECT_EQ(looked.exit_code(), 0) << looked.all();
  EXPECT_NE(looked.output.find("nguyên vẹn"), std::string::npos) << looked.output;

  const Finished delivered = stick.deliver();
  ASSERT_EQ(delivered.exit_code(), 0) << delivered.all();
  const json::value imported = stick.empty();
  EXPECT_TRUE(imported.as_object().at("synced").as_bool());
  const json::value after = commune.json({"status"});
  EXPECT_EQ(number(after, "device_only"), 0);
  EXPECT_EQ(number(after, "waiting"), 0);
  const json::value dossiers = commune.json({"dossiers"});
  ASSERT_EQ(dossiers.as_array().size(), 1U);
  const std::string dossier(dossiers.as_array().front().as_object().at("id").as_string());
  const json::value history = commune.json({"history", dossier});
  for (const json::value& line : history.as_array()) {
    EXPECT_EQ(line.as_object().at("standing").as_string(), "official");
  }

  // What others did comes back the same way, and the same bundle twice changes nothing.
  setup.admin().json({"sync"});
  setup.admin().record(
      {"officer", "--name", "Lường Văn Mới", "--birth", "1985", "--unit", "03316"});
  setup.admin().json({"sync"});
  stick.fill();
  ASSERT_EQ(stick.deliver().exit_code(), 0);
  ASSERT_EQ(stick.deliver().exit_code(), 0);
  stick.empty();
  stick.empty();
  EXPECT_EQ(number(commune.json({"status"}), "own_events"), own_events);
  const Finished people = commune.run({"people"});
  EXPECT_NE(people.output.find("Lường Văn Mới"), std::string::npos) << people.all();
}

// Somebody borrowed the stick and changed a byte: the carrier is told, and nothing gets in.
TEST(BundleProgram, ATamperedBundleIsRefusedAndKeptAsEvidence) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(HasFailure());
  const Stick stick(setup, scratch.path());
  register_citizen(setup, "Lò Thị Ánh");
  stick.fill();
  {
    std::fstream file(stick.bundle(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(stick.bundle()) / 2));
    file.put('\0').put('\0').put('\0');
  }
  const Finished refused = stick.deliver();
  EXPECT_EQ(refused.exit_code(), 1) << refused.all();
  EXPECT_NE(refused.errors.find("bị sửa"), std::string::npos) << refused.errors;
  EXPECT_FALSE(std::filesystem::exists(stick.answer()));
  std::size_t kept = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(scratch / "server" / "courier" / "refused")) {
    if (entry.path().extension() == ".csb") ++kept;
  }
  EXPECT_EQ(kept, 1U) << "the device signed it, so somebody else changed it";

  // Half a bundle is another matter: what is whole counts, and the rest is asked for.
  stick.fill();
  std::filesystem::resize_file(stick.bundle(), std::filesystem::file_size(stick.bundle()) - 50);
  EXPECT_EQ(stick.deliver().exit_code(), 0);
  stick.fill();
  ASSERT_EQ(stick.deliver().exit_code(), 0);
  EXPECT_TRUE(stick.empty().as_object().at("synced").as_bool());
}

// A carrier whose bundle is a holiday photograph must be told so, and the server must not mind.
TEST(BundleProgram, RefusesWhatIsNoBundle) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(HasFailure());
  const Stick stick(setup, scratch.path());
  std::ofstream(stick.bundle()) << "not a bundle at all";
  const Finished refused = stick.deliver();
  EXPECT_EQ(refused.exit_code(), 2) << refused.all();
  const Finished looked = run_program("khuyenhoc", {"bundle", "inspect", stick.bundle().string()});
  EXPECT_EQ(looked.exit_code(), 2) << looked.all();
  EXPECT_NE(looked.errors.find("không phải gói"), std::string::npos) << looked.errors;
  const Finished nowhere =
      run_program("khuyenhoc", {"bundle", "inspect", (scratch / "no-such-file.csb").string()});
  EXPECT_NE(nowhere.exit_code(), 0);
}

}  // namespace
}  // namespace e2e
