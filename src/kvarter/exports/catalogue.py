"""What a data catalogue asks of a status: a citable DCAT-AP-DK description, as JSON-LD.

It can only be written where the policy says where statuses are published, and under what licence.

Source: Agency for Digital Government (2021), DCAT-AP-DK 2.0.2.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kvarter.editions.edition import Edition
from kvarter.editions.geography import AREAS
from kvarter.exports.workbook import NAME as WORKBOOK
from kvarter.policy.model import Publication, Text, say
from kvarter.tables import public_tables

NAME = "dataset.jsonld"
_EU = "http://publications.europa.eu/resource/authority"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FORMS = {
    "csv": ("CSV", "text/csv"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
    "json": ("JSON", "application/json"),
    "geojson": ("GEOJSON", "application/geo+json"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def write_catalogue(status: Edition, folder: Path) -> None:
    """Write `dataset.jsonld`; nothing where the policy has no `publication`."""
    publication = status.policy.publication
    if publication is None:
        return
    of_tables = [f"{name}.{form}" for name in status.tables for form in ("csv", "parquet", "json")]
    others = [*(path.name for path in sorted(folder.glob("*.jsonstat.json"))), WORKBOOK, AREAS]
    files = [folder / name for name in of_tables + others]
    dataset = {
        "@context": _CONTEXT,
        **_dataset(status, publication),
        "dcat:distribution": [_distribution(file, publication) for file in files],
    }
    text = json.dumps(dataset, ensure_ascii=False, indent=1)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def _dataset(status: Edition, publication: Publication) -> dict[str, Any]:
    policy, edition = status.policy, status.definition
    numbers = {**policy.documents, **edition.documents}
    years = status.results["period"].unique().sort().to_list() or [edition.data_year]
    title = say(policy.title, "da"), say(edition.title, "da")
    return {
        "@id": f"{publication.page}#{edition.id}",
        "@type": "dcat:Dataset",
        "dct:title": _in_languages(policy.title, edition.title),
        "dct:description": [
            {"@value": _described("da"), "@language": "da"},
            {"@value": _described("en"), "@language": "en"},
        ],
        "dct:identifier": [
            f"{policy.municipality.code}/{edition.id}",
            *(f"{document} {number}" for document, number in numbers.items()),
        ],
        "dct:bibliographicCitation": f"{policy.municipality.name} ({edition.data_year}): "
        f"{title[0]}. {title[1]}. {publication.page}",
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": policy.municipality.name},
        "dcat:contactPoint": {
            "@type": "vcard:Kind",
            "vcard:fn": policy.municipality.name,
            "vcard:hasEmail": {"@id": f"mailto:{publication.email}"},
        },
        "dcat:theme": {"@id": f"{_EU}/data-theme/SOCI", "@type": "skos:Concept"},
        "dct:accessRights": {"@id": f"{_EU}/access-right/PUBLIC", "@type": "dct:RightsStatement"},
        "dct:language": [
            {"@id": f"{_EU}/language/{code}", "@type": "dct:LinguisticSystem"}
            for code in ("DAN", "ENG")
        ],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(f"{years[0]}-01-01"),
            "dcat:endDate": _day(f"{years[-1]}-12-31"),
        },
        "dcat:landingPage": {"@id": publication.page, "@type": "foaf:Document"},
        "owl:versionInfo": edition.id,
    }


def _described(language: str) -> str:
    """The first sentence of what each table holds."""
    titles = [
        say(about.title, "da" if language == "da" else "en") for about in public_tables().values()
    ]
    return "; ".join(titles) + "."


def _distribution(file: Path, publication: Publication) -> dict[str, Any]:
    form, media = _FORMS[file.suffix[1:]]
    return {
        "@type": "dcat:Distribution",
        "dct:title": file.name,
        "dcat:accessURL": {"@id": publication.page},
        "dct:license": {"@id": publication.licence, "@type": "dct:LicenseDocument"},
        "dct:format": {"@id": f"{_EU}/file-type/{form}", "@type": "dct:MediaTypeOrExtent"},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{media}",
            "@type": "dct:MediaType",
        },
        "dcat:byteSize": {"@value": str(file.stat().st_size), "@type": "xsd:decimal"},
    }


def _in_languages(*texts: Text) -> list[dict[str, str]]:
    return [
        {"@value": ": ".join(say(text, "da") for text in texts), "@language": "da"},
        {"@value": ": ".join(say(text, "en") for text in texts), "@language": "en"},
    ]


def _day(iso: str) -> dict[str, str]:
    return {"@value": iso, "@type": "xsd:date"}
