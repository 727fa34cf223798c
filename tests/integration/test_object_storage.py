"""Files in a bucket: photos, copies and rasters, through moto's S3 server on a socket."""

import hashlib
import io
import uuid

import boto3
import pytest
from django.core.files.storage import storages
from django.urls import reverse
from moto.server import ThreadedMotoServer
from PIL import Image

from accounts.roles import Role
from config.storages import KINDS, bucket_storages
from field.services.audit import audit_originals
from surveys.services.answers import Answers
from surveys.services.intake import receive_submission
from surveys.services.photos import process_photo
from tests.factories.accounts import user_with_role
from tests.factories.exposure import PEOPLE, SHARE, disk_share, run, two_communes
from tests.factories.hazards import HazardFactory
from tests.factories.maps import at_cell, make_hazard
from tests.factories.places import UnitFactory
from tests.factories.surveys import SEEN_AT, photo_bytes, sent_file

pytestmark = pytest.mark.django_db
BUCKET = "safeshore"


@pytest.fixture(scope="module")
def server():
    made = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    made.start()
    host, port = made.get_host_and_port()
    yield f"http://{host}:{port}"
    made.stop()


@pytest.fixture
def bucket(server, settings):
    """An empty bucket that all files go to."""
    keys = {"access_key": "testing", "secret_key": "testing", "region": "us-east-1"}
    settings.STORAGES = settings.STORAGES | bucket_storages(BUCKET, endpoint_url=server, **keys)
    client = boto3.client(
        "s3", endpoint_url=server, aws_access_key_id="testing", aws_secret_access_key="testing",
        region_name="us-east-1",
    )  # fmt: skip
    client.create_bucket(Bucket=BUCKET)
    yield client
    for name in names_in(client):
        client.delete_object(Bucket=BUCKET, Key=name)


def names_in(client, prefix=""):
    found = client.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
    return [one["Key"] for one in found]


def send(data: bytes):
    unit = UnitFactory(place=0)
    hazard = HazardFactory(unit=unit)
    submission, _ = receive_submission(
        surveyor=user_with_role(Role.SURVEYOR, unit), client_uuid=uuid.uuid4(),
        answers=Answers(hazard=hazard), position=hazard.geometry,
        files=[sent_file(data, "IMG.jpg")], accuracy_m=6.0, captured_at=SEEN_AT,
    )  # fmt: skip
    return submission.photos.get()


def test_every_kind_of_file_has_a_place_of_its_own(bucket):
    locations = {storages[kind].location for kind in KINDS}
    assert len(locations) == len(KINDS)


def test_an_original_is_kept_byte_for_byte_under_its_hash_and_once(bucket):
    data = photo_bytes(colour=(1, 2, 3))
    sha256 = hashlib.sha256(data).hexdigest()

    first, again = send(data), send(data)

    name = f"originals/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    assert names_in(bucket) == [name]
    assert bucket.get_object(Bucket=BUCKET, Key=name)["Body"].read() == data
    assert first.original_name == again.original_name


def test_copies_are_made_from_the_bucket_and_sent_from_it(bucket, client):
    photo = process_photo(photo_id=send(photo_bytes(size=(1000, 700))).pk)

    assert (photo.state, photo.faces_n) == ("done", 0)
    assert len(names_in(bucket, "derivatives/")) == 6  # three sizes, JPEG and WebP
    client.force_login(user_with_role(Role.REVIEWER, photo.submission.unit))
    answer = client.get(
        reverse("surveys:photo", args=[photo.public_id, "medium"]), headers={"accept": "image/webp"}
    )
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as shown:
        assert (shown.format, max(shown.size)) == ("WEBP", 800)
    original = client.get(reverse("surveys:original", args=[photo.public_id]))
    assert hashlib.sha256(b"".join(original.streaming_content)).hexdigest() == photo.sha256


def test_what_is_lost_or_changed_in_the_bucket_is_named(bucket, client):
    lost, changed, well = (send(photo_bytes(colour=(n, 5, 5))) for n in (10, 90, 170))
    bucket.delete_object(Bucket=BUCKET, Key=f"originals/{lost.original_name}")
    bucket.put_object(Bucket=BUCKET, Key=f"originals/{changed.original_name}", Body=b"other")

    found = audit_originals()

    assert (found.checked, found.missing, found.changed) == (3, [lost.sha256], [changed.sha256])
    assert process_photo(photo_id=lost.pk).problem == "file_missing"
    client.force_login(user_with_role(Role.REVIEWER, lost.submission.unit))
    assert client.get(reverse("surveys:original", args=[lost.public_id])).status_code == 404
    assert well.sha256 not in found.missing


def test_children_are_counted_from_a_raster_in_the_bucket(bucket, tmp_path, capsys):
    province = two_communes(tmp_path)
    assert len(names_in(bucket, "rasters/")) == 2  # the raster and its picture
    make_hazard(province["west"], at_cell(0, 0))

    found = run(capsys, "--within", "300")

    assert found["75"]["people_total"] == pytest.approx(sum(sum(row) for row in PEOPLE))
    near = SHARE * 100 * disk_share(0, 300)
    assert found["75"]["children_exposed"]["300"] == pytest.approx(near, rel=5e-3)
