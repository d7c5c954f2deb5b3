"""What does a syringe pump send? Written after IHE PCD-01, PCD-04 and PCD-10, as the lines of one message."""

from __future__ import annotations

RATE = "157784^MDC_FLOW_FLUID_PUMP^MDC"
ML_H = "265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM"
ML = "263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM"


def figure(code: str, value: str, unit: str, *, place: str = "1.1.2.5") -> str:
    return f"OBX|1|NM|{code}|{place}|{value}|{unit}|||||R"


def words(code: str, value: str) -> str:
    return f"OBX|1|CWE|{code}|1.1.1.1|{value}||||||R"


def programme(name: str, *, runs: str = "infusing", **other: str) -> list[str]:
    """All that it says of its programme; a figure that is empty is left out."""
    told = {
        "rate": "52.5", "flow": "52.5", "volume": "35", "left": "3.8", "delivered": "31.2", "concentration": "1",
        "dose_rate": "12.5", "dose": "35000", "seconds": "2400", "weight": "70", "drug": "Ketamine 1 mg/mL",
    } | other  # fmt: skip
    lines = {
        "rate": figure(RATE, told["rate"], ML_H),
        "flow": figure("158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC", told["flow"], ML_H),
        "volume": figure("157884^MDC_VOL_FLUID_TBI^MDC", told["volume"], ML),
        "left": figure("157872^MDC_VOL_FLUID_TBI_REMAIN^MDC", told["left"], ML),
        "delivered": figure("157993^MDC_VOL_FLUID_DELIV_TOTAL^MDC", told["delivered"], ML),
        "concentration": figure("157760^MDC_CONC_DRUG^MDC", told["concentration"], "264306^MDC_DIM_MILLI_G_PER_ML^MDC"),
        "dose_rate": figure("157924^MDC_RATE_DOSE^MDC", told["dose_rate"], "265619^MDC_DIM_MICRO_G_PER_KG_PER_MIN^MDC"),
        "dose": figure("157999^MDC_DOSE_DRUG_TBI^MDC", told["dose"], "^^^ug^ug^UCUM"),
        "seconds": figure("157996^MDC_TIME_PD_PROG^MDC", told["seconds"], "264320^MDC_DIM_SEC^MDC"),
        "weight": figure("68063^MDC_ATTR_PT_WEIGHT^MDC", told["weight"], "263875^MDC_DIM_KILO_G^MDC"),
        "drug": words("184514^MDC_DRUG_NAME_LABEL^MDC", told["drug"]),
    }
    whole = f"OBX|1||70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC|1.0.0.0|||||||X|||||||{name}^^0012210000000000^EUI-64"
    status = [words("184519^MDC_PUMP_INFUSING_STATUS^MDC", f"^pump-status-{runs}")] if runs else []
    return [whole, *status, *(line for id, line in lines.items() if told[id])]


def event(name: str, condition: str) -> list[str]:
    """That something happened in it, and nothing else."""
    return [programme(name)[0], words("68487^MDC_ATTR_EVT_COND^MDC", condition)]


def alarm(
    name: str,
    condition: str = "196940^MDC_EVT_FLUID_LINE_OCCL^MDC^^^^^^Occlusion",
    *,
    phase: str = "start",
    priority: str = "PH",
) -> list[str]:
    """Its own alarm: begun, going on, or over."""
    state = "inactive" if phase == "end" else "active"
    return [
        programme(name)[0],
        f"OBX|2|CWE|196616^MDC_EVT_ALARM^MDC|1.1.0.0.1|{condition}|||ST~{priority}|||F",
        f"OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.1.0.0.3|{phase}||||||F",
        f"OBX|4|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.1.0.0.4|{state}||||||F",
    ]


SYRINGE, ALARM = programme("P52814"), alarm("P52814")
