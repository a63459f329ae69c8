FROM flyway/flyway:10
COPY sql /flyway/sql
ENTRYPOINT ["flyway"]
CMD ["-url=jdbc:postgresql://db/app", "migrate"]
