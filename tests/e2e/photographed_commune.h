#pragma once

#include "tests/e2e/commune_setup.h"
#include "tests/e2e/photo.h"
#include "tests/e2e/scratch_directory.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace e2e {

/// A commune with one registered citizen, and photos of their papers.
class PhotographedCommune : public ::testing::Test {
 protected:
  PhotographedCommune() : setup(scratch / "") {}

  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(setup.run());
    register_citizen("Lò Thị Ánh");
    const boost::json::value dossiers = setup.commune().json({"dossiers"});
    ASSERT_EQ(dossiers.as_array().size(), 1U);
    dossier = std::string(dossiers.as_array().front().as_object().at("id").as_string());
  }

  void register_citizen(const std::string& name) {
    setup.commune().record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                            "--actor", setup.officer("proxy_entrant"), "--name", name, "--birth",
                            "1990", "--gender", "female", "--hamlet", "Bản Nà Tấu", "--cycle",
                            "2026", "--group", "farmer_rural"});
  }
  std::string attach(const std::filesystem::path& photo) {
    return setup.commune().record({"evidence", dossier, "--kind", "photo", "--what", "Giấy khen",
                                   "--file", photo.string(), "--actor",
                                   setup.officer("branch_head")});
  }
  /// Attaches a new photo; its event.
  std::string photo(const std::string& name, std::size_t bytes, std::uint32_t seed = 1) {
    write_photo(scratch / name, bytes, seed);
    return attach(scratch / name);
  }
  void send_originals(const std::string& when) {
    setup.commune().json({"files", "policy", "--originals", when});
  }
  /// The state of a file as the device tells it.
  static std::string state_of(const CommandLine& device, const std::string& file,
                              const std::string& part) {
    const boost::json::value files = device.json({"files"});
    for (const boost::json::value& row : files.as_array()) {
      const boost::json::object& fields = row.as_object();
      if (fields.at("file").as_string() == file && fields.at("part").as_string() == part) {
        return std::string(fields.at("state").as_string());
      }
    }
    return "not listed";
  }
  /// A second device of the commune.
  CommandLine another_device() {
    const boost::json::value invited =
        setup.admin().json({"invite", "--person", setup.officer("appraiser")});
    setup.admin().json({"sync"});
    CommandLine device(scratch / "second");
    const Finished enrolled =
        device.run({"enrol", "--server", setup.server().url(), "--label", "Máy thẩm định", "--code",
                    std::string(invited.as_object().at("code").as_string())});
    EXPECT_EQ(enrolled.exit_code(), 0) << enrolled.all();
    return device;
  }

  ScratchDirectory scratch;
  CommuneSetup setup;
  std::string dossier;
};

}  // namespace e2e
